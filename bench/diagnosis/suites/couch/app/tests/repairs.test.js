// The documents of repairs, as the workshop keeps them in its database.
'use strict'

const assert = require('node:assert/strict')
const { open, connect, request } = require('./helpers/couch.js')
const { waitFor, unique } = require('./helpers/wait.js')

const PHOTO = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de', 'hex')

describe('Repairs', function () {
  const db = open('repairs')
  let customer

  const repair = (overrides = {}) => ({ _id: unique('repair'), type: 'repair', customer, bike: 'Patria', status: 'open', price: 30, ...overrides })

  beforeEach(function () {
    customer = unique('ada')
  })

  // What a test made goes away with it.
  afterEach(async function () {
    const { docs } = await db.find({ selector: { customer }, limit: 100 })
    if (docs.length) await db.bulk({ docs: docs.map(({ _id, _rev }) => ({ _id, _rev, _deleted: true })) })
  })

  it('are changed by whoever knows the latest revision', async function () {
    const { id, rev } = await db.insert(repair())
    const changed = await db.insert({ ...repair({ _id: id }), _rev: rev, status: 'waiting' }, id)
    assert.match(changed.rev, /^2-/)
    await assert.rejects(db.insert({ ...repair({ _id: id }), _rev: rev, status: 'done' }, id), { statusCode: 409, error: 'conflict' })
    const latest = await db.get(id)
    assert.equal(latest.status, 'waiting')
    assert.equal(latest._rev, changed.rev)
  })

  it('are found by customer and status, the dearest first', async function () {
    const index = await connect('head').use('repairs').createIndex({ index: { fields: ['customer', 'status', 'price'] }, name: 'by-status', ddoc: 'by-status' })
    assert.match(index.result, /created|exists/)
    await db.bulk({ docs: [repair({ price: 40 }), repair({ price: 95 }), repair({ status: 'done', price: 60 }), repair({ price: 12 })] })
    const { docs } = await db.find({ selector: { customer, status: 'open', price: { $gte: 20 } }, fields: ['price', 'status'], sort: [{ customer: 'desc' }, { status: 'desc' }, { price: 'desc' }] })
    assert.deepEqual(docs, [{ price: 95, status: 'open' }, { price: 40, status: 'open' }])
  })

  it('are written in bulk, each with an answer of its own', async function () {
    const kept = repair()
    await db.insert(kept)
    const answers = await db.bulk({ docs: [repair(), { ...kept, price: 99 }, repair()] })
    assert.equal(answers.length, 3)
    assert.deepEqual(answers.filter(answer => answer.error).map(({ id, error }) => [id, error]), [[kept._id, 'conflict']])
    const { rows } = await db.fetch({ keys: answers.map(answer => answer.id) })
    assert.deepEqual(rows.map(row => row.doc.price), [30, 30, 30])
  })

  it('are listed page by page', async function () {
    const ids = Array.from({ length: 5 }, (_, number) => `repair:${customer}:${number}`)
    await db.bulk({ docs: ids.map(_id => repair({ _id })) })
    const seen = []
    let startkey = `repair:${customer}:`
    for (;;) {
      const { rows } = await db.list({ startkey, endkey: `repair:${customer}:\ufff0`, limit: 3 })
      seen.push(...rows.slice(0, 2).map(row => row.id))
      if (rows.length < 3) break
      startkey = rows[2].key
    }
    assert.deepEqual(seen, ids)
  })

  it('are counted and summed up by month', async function () {
    const views = { months: { map: "function (doc) { if (doc.type === 'repair') emit([doc.customer, doc.month], doc.price) }", reduce: '_stats' } }
    const design = unique('months')
    await connect('head').use('repairs').insert({ views }, `_design/${design}`)
    await db.bulk({ docs: [repair({ month: 9, price: 20 }), repair({ month: 10, price: 35 }), repair({ month: 10, price: 15 })] })
    const { rows } = await db.view(design, 'months', { group: true, startkey: [customer], endkey: [customer, {}] })
    assert.deepEqual(rows.map(({ key, value }) => [key[1], value.count, value.sum]), [[9, 1, 20], [10, 2, 50]])
  })

  it('carry photos', async function () {
    const { id, rev } = await db.insert(repair())
    await db.attachment.insert(id, 'frame.png', PHOTO, 'image/png', { rev })
    const photo = await db.attachment.get(id, 'frame.png')
    assert.deepEqual(photo, PHOTO)
    const { _attachments: { 'frame.png': stub } } = await db.get(id)
    assert.equal(stub.content_type, 'image/png')
    assert.equal(stub.length, PHOTO.length)
  })

  it('tell who listens that they have changed', async function () {
    const { last_seq: since } = await db.changes({ limit: 0, descending: true })
    const written = repair()
    const heard = db.changes({ feed: 'longpoll', since, include_docs: true })
    await new Promise(resolve => setTimeout(resolve, 200))
    await db.insert(written)
    const { results } = await heard
    assert.deepEqual(results.map(({ id, doc }) => [id, doc?.customer]), [[written._id, customer]])
  })

  it('keep both sides of a conflict until somebody decides', async function () {
    const id = repair()._id
    const sides = ['a', 'b'].map((side, place) => repair({ _id: id, _rev: `1-${side.repeat(32)}`, price: 10 + place }))
    await db.bulk({ docs: sides, new_edits: false })
    const winner = await db.get(id, { conflicts: true })
    assert.equal(winner.price, 11)
    assert.deepEqual(winner._conflicts, [sides[0]._rev])
    await db.destroy(id, winner._conflicts[0])
    const decided = await db.get(id, { conflicts: true })
    assert.equal(decided._conflicts, undefined)
    assert.equal(decided.price, 11)
  })

  it('lose their old revisions when the database is compacted', async function () {
    const first = await db.insert(repair())
    await db.insert({ ...repair({ _id: first.id, status: 'done' }), _rev: first.rev }, first.id)
    assert.equal((await db.get(first.id, { rev: first.rev })).status, 'open')
    await connect('head').use('repairs').compact()
    await waitFor('the compaction', async () => {
      const answer = await request('GET', `/repairs/${first.id}?rev=${first.rev}`, { user: 'tests' })
      return answer.status === 404
    })
    assert.equal((await db.get(first.id)).status, 'done')
  })
})

describe('Parts', function () {
  const db = open('parts')
  let part

  beforeEach(async function () {
    part = unique('chain')
    await db.insert({ _id: part, type: 'part', name: 'Chain', pieces: 10, least: 3, price: 25 })
  })

  afterEach(async function () {
    await db.destroy(part, (await db.get(part))._rev)
  })

  async function take (pieces) {
    for (;;) {
      const doc = await db.get(part)
      try {
        return await db.insert({ ...doc, pieces: doc.pieces - pieces }, part)
      } catch (error) {
        if (error.statusCode !== 409) throw error
      }
    }
  }

  it('are taken by several at once, and none is lost', async function () {
    await Promise.all([take(1), take(2), take(3)])
    const doc = await db.get(part)
    assert.equal(doc.pieces, 4)
    assert.match(doc._rev, /^4-/)
  })

  it('are in the inventory', async function () {
    const bell = unique('bell')
    await db.insert({ _id: bell, type: 'part', name: 'Bell', pieces: 2, least: 5, price: 9 })
    const { docs } = await db.find({ selector: { type: 'part', pieces: { $gt: 0 } }, limit: 20 })
    assert.deepEqual(docs.map(doc => [doc.name, doc.pieces]).sort(), [['Bell', 2], ['Chain', 10]])
    await db.destroy(bell, docs.find(doc => doc._id === bell)._rev)
  })

  it('have an order form in a local document, which nobody else gets', async function () {
    const form = unique('form')
    const made = await request('PUT', `/parts/_local/${form}`, { user: 'tests', body: { part, pieces: 12, supplier: 'Rohloff' } })
    assert.equal(made.status, 201)
    const answer = await request('GET', `/parts/_local/${form}`, { user: 'tests' })
    const { supplier, pieces } = await answer.json()
    assert.deepEqual({ supplier, pieces }, { supplier: 'Rohloff', pieces: 12 })
    const { rows } = await db.list()
    assert.ok(!rows.some(row => row.id.includes(form)), 'a local document is listed')
  })
})
