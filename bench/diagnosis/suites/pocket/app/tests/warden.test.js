// The wardens' desk, seen from its pages and from what it leaves in the base.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { file, good, newGuest, newHut, office, records } from './helpers/base.js'
import { waitFor } from './helpers/wait.js'
import { ask, call, KEYS, startDesk, stopDesk } from './helpers/warden.js'

const NIGHT = '2025-07-18'

describe('Desk', () => {
  let base, hut, guest

  beforeAll(async () => {
    base = await office()
    await startDesk()
  })
  afterAll(stopDesk)

  beforeEach(async () => {
    guest = await newGuest()
    hut = await newHut(base)
  })

  const at = path => `/huts/${hut.slug}/${path}`
  const book = (more = {}, key = KEYS.site) => ask('POST', at('bookings'), { guest: guest.id, night: NIGHT, beds: 2, ...more }, key)
  const until = (id, status, options) => waitFor(`the booking to be ${status}`, async () => {
    const booking = await ask('GET', `/bookings/${id}`)
    return booking.status === status && booking
  }, options)
  /** A booking of the office, past the desk. */
  const noted = (values = {}) => base.collection('bookings').create({ hut: hut.id, guest: guest.id, night: NIGHT, beds: 1, status: 'confirmed', ...values })

  it('books beds, and the base knows it', async () => {
    const { id, beds } = await book({ beds: 3, note: 'late, after nine' })
    expect(beds).toBe(3)
    const kept = await guest.base.collection('bookings').getOne(id)
    expect(kept).toMatchObject({ hut: hut.id, guest: guest.id, night: NIGHT, beds: 3, note: 'late, after nine' })
  })

  it('confirms in the background what was booked', async () => {
    const { id } = await book()
    expect(await until(id, 'confirmed')).toMatchObject({ beds: 2, cents: 2800 })
  })

  it('confirms at the price of the guest', async () => {
    const visitor = await newGuest({ grade: 'guest' })
    const { id } = await book({ guest: visitor.id, beds: 1 })
    await until(id, 'confirmed')
    expect((await visitor.base.collection('bookings').getOne(id)).cents).toBe(2600)
  })

  it('confirms a whole party, one after the other', async () => {
    const ids = []
    for (const beds of [1, 2, 3]) ids.push((await book({ beds })).id)
    const confirmed = await waitFor('the party', async () => {
      const all = await base.collection('bookings').getFullList({ filter: `hut = '${hut.id}' && status = 'confirmed'` })
      return all.length === ids.length && all
    })
    expect(confirmed.reduce((sum, { cents }) => sum + cents, 0)).toBe(6 * 1400)
  })

  it('has no bed for who comes too late', async () => {
    await noted({ beds: 11 })
    expect(await call('POST', at('bookings'), { guest: guest.id, night: NIGHT, beds: 2 })).toEqual({ status: 409, body: { error: 'there are 1 beds left' } })
    expect((await base.collection('bookings').getList(1, 1, { filter: `hut = '${hut.id}'` })).totalItems).toBe(1)
  })

  it('knows how many beds are free', async () => {
    await noted({ beds: 4 })
    await noted({ beds: 3, night: '2025-07-19' })
    await noted({ beds: 5, status: 'cancelled' })
    expect(await ask('GET', at(`free?night=${NIGHT}`))).toEqual({ night: NIGHT, beds: 12, free: 8 })
  })

  it('gives a cancelled bed to the next', async () => {
    const full = await noted({ beds: 12 })
    expect((await call('POST', at('bookings'), { guest: guest.id, night: NIGHT })).status).toBe(409)
    expect((await ask('POST', `/bookings/${full.id}/cancel`)).status).toBe('cancelled')
    expect((await call('POST', at('bookings'), { guest: guest.id, night: NIGHT })).status).toBe(201)
  })

  it('greets only who was confirmed', async () => {
    const asked = await noted({ status: 'asked' })
    const sure = await noted()
    expect(await call('POST', `/bookings/${asked.id}/arrive`)).toEqual({ status: 409, body: { error: 'it is asked' } })
    await ask('POST', `/bookings/${sure.id}/arrive`)
    expect((await base.collection('bookings').getOne(sure.id)).status).toBe('arrived')
  })

  it('lists who arrives, page by page', async () => {
    for (const name of ['Dora', 'Ben', 'Eva', 'Carl', 'Anna']) {
      const { id } = await newGuest({ name })
      await noted({ guest: id })
    }
    const names = []
    for (let page = 1; page;) {
      const { guests, next, total } = await ask('GET', at(`arrivals?night=${NIGHT}&page=${page}`))
      expect(total).toBe(5)
      names.push(...guests.map(({ name }) => name))
      page = next
    }
    expect(names).toEqual(['Anna', 'Ben', 'Carl', 'Dora', 'Eva'])
  })

  it('writes the bill of who was there', async () => {
    for (const [night, beds] of [['2025-07-16', 2], ['2025-07-17', 2], [NIGHT, 1]]) await noted({ night, beds, status: 'arrived' })
    await noted({ night: '2025-07-19', beds: 4, status: 'missed' })
    const { lines, cents } = await ask('GET', at(`guests/${guest.id}/bill`))
    expect(lines.map(({ beds }) => beds)).toEqual([2, 2, 1])
    expect(cents).toBe(7000)
  })

  it('takes new tariffs from the office', async () => {
    await noted({ status: 'arrived' })
    expect((await ask('GET', at(`guests/${guest.id}/bill`))).cents).toBe(1400)
    const { id } = await base.collection('tariffs').getFirstListItem("grade = 'member'")
    await base.collection('tariffs').update(id, { cents: 1550 })
    expect((await ask('GET', at(`guests/${guest.id}/bill`))).cents).toBe(1550)
  })

  it('books a group, or nobody of it', async () => {
    const { bookings, beds } = await ask('POST', at('groups'), `guest;night;beds\n${guest.id};${NIGHT};4\n${guest.id};2025-07-19;5\n`)
    expect([bookings.length, beds]).toEqual([2, 9])
    const { status } = await call('POST', at('groups'), `guest;night;beds\n${guest.id};2025-07-20;4\n${guest.id};2025-07-20;9\n`)
    expect(status).toBe(502)
    expect((await guest.base.collection('bookings').getList(1, 10, { filter: `hut = '${hut.id}'` })).totalItems).toBe(2)
  })

  it('cooks from what is in the store', async () => {
    for (const [item, amount] of [['lentils', 9], ['onions', 20]]) await ask('POST', at('stock'), { item, amount }, KEYS.kitchen)
    expect(await ask('POST', at('meals'), { lentils: 3, onions: 4 }, KEYS.kitchen)).toEqual({ left: { lentils: 6, onions: 16 } })
    expect((await call('POST', at('meals'), { lentils: 7 }, KEYS.kitchen)).body).toEqual({ error: 'not enough lentils' })
    const rows = await base.collection('stock').getFullList({ filter: `hut = '${hut.id}'`, sort: 'item' })
    expect(rows.map(({ item, amount }) => `${item} ${amount}`)).toEqual(['lentils 6', 'onions 16'])
  })

  it('adds up what is carried to the store', async () => {
    await ask('POST', at('stock'), { item: 'flour', amount: 10, least: 8 }, KEYS.kitchen)
    await Promise.all([5, 6, 7].map(amount => ask('POST', at('stock'), { item: 'flour', amount }, KEYS.kitchen)))
    const row = await base.collection('stock').getFirstListItem(`hut = '${hut.id}' && item = 'flour'`)
    expect(row.amount).toBe(28)
  })

  it('orders what runs low', async () => {
    const stock = base.collection('stock')
    for (const [item, amount, least] of [['butter', 2, 5], ['salt', 9, 1], ['tea', 1, 4]]) await stock.create({ hut: hut.id, item, amount, least })
    const { items } = await ask('GET', at('order'))
    expect(items).toEqual([{ item: 'butter', carry: 8 }, { item: 'tea', carry: 7 }])
  })

  it('closes the night and reports to the valley', async () => {
    await noted({ beds: 7, status: 'arrived' })
    const absent = await noted({ beds: 2 })
    expect(await ask('POST', at(`nights/${NIGHT}/close`))).toEqual({ state: 'running' })
    const run = await waitFor('the night', async () => {
      const night = await ask('GET', at(`nights/${NIGHT}`))
      return night.state !== 'running' && night
    })
    expect(run).toMatchObject({ state: 'done', slept: 7, missed: 1 })
    expect((await base.collection('bookings').getOne(absent.id)).status).toBe('missed')
    const { text, level } = await good('GET', `${records('reports')}/${run.report}`)
    expect({ text, level }).toEqual({ text: `${NIGHT}: 7 slept here, 1 did not come`, level: 'green' })
  })

  it('closes no night that is still to come', async () => {
    const night = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)
    expect((await call('POST', at(`nights/${night}/close`))).status).toBe(409)
    expect((await call('GET', at(`nights/${night}`))).status).toBe(404)
  })

  it('shows the photo of the day', async () => {
    await ask('PUT', at('photos/morning.txt'), 'fog')
    const { photo } = await ask('PUT', at('photos/noon.txt'), 'sun over the ridge')
    expect(await ask('GET', at('photo'), undefined, KEYS.site)).toEqual({ hut: hut.id, photo })
    expect((await file(hut.id, photo)).text).toBe('sun over the ridge')
  })

  it('lets nobody in without a key, and each only where they work', async () => {
    expect((await call('GET', at('order'), undefined, 'warden-0816')).status).toBe(401)
    expect(await call('GET', at(`arrivals?night=${NIGHT}`), undefined, KEYS.kitchen)).toEqual({ status: 403, body: { error: 'not for kitchen' } })
    expect((await call('POST', at('stock'), { item: 'soap', amount: 1 }, KEYS.site)).status).toBe(403)
    expect((await base.collection('stock').getList(1, 1, { filter: `hut = '${hut.id}'` })).totalItems).toBe(0)
  })

  it('serves several who ask at once', async () => {
    const parties = await Promise.all(['Ida', 'Max', 'Paul'].map(name => newGuest({ name })))
    const booked = await Promise.all(parties.map(({ id }, place) => book({ guest: id, beds: place + 1 })))
    expect(new Set(booked.map(({ id }) => id)).size).toBe(3)
    expect((await ask('GET', at(`free?night=${NIGHT}`))).free).toBe(6)
  })
})
