// The desk of the workshop, seen from its pages.
'use strict'

const assert = require('node:assert/strict')
const { open } = require('./helpers/couch.js')
const { startDesk, stopDesk, call, ask } = require('./helpers/desk.js')
const { waitFor, unique } = require('./helpers/wait.js')

describe('Desk', function () {
  const parts = open('parts')
  let customer
  let part

  before(startDesk)
  after(stopDesk)

  beforeEach(async function () {
    customer = unique('grace')
    part = unique('tyre')
    await parts.insert({ _id: part, type: 'part', name: 'Tyre', pieces: 6, least: 2, price: 40 })
  })

  afterEach(async function () {
    await parts.destroy(part, (await parts.get(part))._rev)
  })

  const takeIn = (overrides = {}) => ask('POST', '/repairs', { customer, bike: 'Utopia', month: 11, parts: [{ part, pieces: 2 }], ...overrides })

  it('takes a bicycle in, and what it needs from the stock', async function () {
    const { number, price, status } = await takeIn()
    assert.deepEqual({ price, status }, { price: 110, status: 'open' })
    assert.equal((await parts.get(part)).pieces, 4)
    const kept = await open('repairs').get(number)
    assert.equal(kept.customer, customer)
    assert.deepEqual(kept.parts, [{ part, pieces: 2 }])
  })

  it('gives back what a cancelled repair had taken', async function () {
    const { number } = await takeIn({ parts: [{ part, pieces: 5 }] })
    assert.equal((await parts.get(part)).pieces, 1)
    assert.equal((await ask('POST', `/repairs/${number}/cancel`)).status, 'cancelled')
    assert.equal((await parts.get(part)).pieces, 6)
  })

  it('sells what there is, and not more', async function () {
    await takeIn({ parts: [{ part, pieces: 6 }] })
    const refused = await call('POST', '/repairs', { customer, bike: 'Utopia', parts: [{ part, pieces: 1 }] })
    assert.equal(refused.status, 409)
    assert.equal(refused.body.error, 'Tyre: only 0 left')
    assert.equal((await ask('GET', `/repairs?customer=${customer}`)).count, 1)
  })

  it('takes two bicycles in at once', async function () {
    const taken = await Promise.all([takeIn({ bike: 'Patria' }), takeIn({ bike: 'Utopia' })])
    assert.deepEqual(taken.map(({ price }) => price), [110, 110])
    assert.equal((await parts.get(part)).pieces, 2)
  })

  it('lists the repairs that are still open', async function () {
    const first = await takeIn({ bike: 'Patria', parts: [] })
    const second = await takeIn({ bike: 'Utopia', parts: [] })
    await ask('POST', `/repairs/${first.number}/finish`, undefined, 'mechanic')
    const open = await ask('GET', `/repairs?customer=${customer}&status=open`)
    assert.deepEqual(open.repairs, [{ number: second.number, bike: 'Utopia', status: 'open' }])
  })

  it('lets only mechanics finish a repair', async function () {
    const { number } = await takeIn({ parts: [] })
    const refused = await call('POST', `/repairs/${number}/finish`)
    assert.equal(refused.status, 403)
    const finished = await ask('POST', `/repairs/${number}/finish`, undefined, 'mechanic')
    assert.deepEqual(finished, { number, price: 30, status: 'done' })
  })

  it('writes a bill by months', async function () {
    for (const month of [10, 11, 11]) {
      const { number } = await takeIn({ month, parts: month === 10 ? [{ part, pieces: 1 }] : [] })
      await ask('POST', `/repairs/${number}/finish`, undefined, 'mechanic')
    }
    await takeIn({ month: 11, parts: [] })
    const bill = await ask('GET', `/customers/${customer}/bill`)
    assert.deepEqual(bill, { months: [{ month: 10, sum: 70 }, { month: 11, sum: 60 }], total: 130 })
  })

  it('adds up what is pending', async function () {
    for (const bike of ['Patria', 'Utopia', 'Idworx', 'Norwid']) await takeIn({ bike, parts: [] })
    const { count, sum } = await ask('GET', `/customers/${customer}/pending`)
    assert.equal(count, 4)
    assert.equal(sum, 120)
  })

  it('takes over the repairs of another workshop', async function () {
    const known = { _id: unique('repair'), customer, bike: 'Norwid', price: 55 }
    assert.deepEqual(await ask('POST', '/hand-over', { repairs: [known] }), { taken: 1, refused: [] })
    const fresh = { _id: unique('repair'), customer, bike: 'Idworx', price: 35 }
    const nobodys = { _id: unique('repair'), bike: 'Velotraum', price: 35 }
    const { taken, refused } = await ask('POST', '/hand-over', { repairs: [known, fresh, nobodys] })
    assert.equal(taken, 1)
    assert.deepEqual(Object.fromEntries(refused.map(({ number, why }) => [number, why])), { [known._id]: 'conflict', [nobodys._id]: 'forbidden' })
  })

  it('has what is done copied into the archive', async function () {
    const { number } = await takeIn({ parts: [] })
    await ask('POST', `/repairs/${number}/finish`, undefined, 'mechanic')
    const { job, repairs } = await ask('POST', `/customers/${customer}/archive`)
    assert.equal(repairs, 1)
    await waitFor('the archive', async () => (await ask('GET', `/archive/${job}`)).state === 'completed')
    assert.equal((await open('archive').get(number)).status, 'done')
  })
})
