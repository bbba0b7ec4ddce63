// The box office, seen from its pages.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asChair, inProgramme, newPerson, newRoom } from './helpers/api.js'
import { ask, call, startBox, stopBox } from './helpers/box.js'
import { unique, waitFor } from './helpers/wait.js'

describe('Box office', () => {
  let chair, speaker, room, visitor, voucher

  beforeAll(async () => {
    await startBox()
    chair = await asChair()
    speaker = await newPerson('Grace')
  })

  afterAll(stopBox)

  beforeEach(async () => {
    room = await newRoom(chair, 1)
    visitor = await newPerson('Joan')
    voucher = unique('EARLY')
    await chair.request('mutation Voucher($code: String!) { createVoucher(input: {voucher: {code: $code, percent: 25, usesLeft: 1}}) { voucher { code } } }', { code: voucher })
  })

  const seatsLeft = async talk => (await chair.request('query Left($id: Int!) { talk(id: $id) { seatsLeft } }', { id: talk.id })).talk.seatsLeft
  const order = fields => ask('POST', '/orders', { person: visitor.id, kind: 'day', ...fields })

  it('sells a ticket, and who has a voucher pays less', async () => {
    const { ticket, price } = await order({ kind: 'week', voucher })
    expect(price).toBe(30000)
    const kept = await visitor.as.request('query Ticket($id: Int!) { ticket(id: $id) { kind price status voucherCode } }', { id: ticket })
    expect(kept.ticket).toEqual({ kind: 'week', price: 30000, status: 'PAID', voucherCode: voucher })
  })

  it('takes each voucher as often as it is good for', async () => {
    expect((await order({ voucher })).price).toBe(9000)
    const refused = await call('POST', '/orders', { person: visitor.id, kind: 'day', voucher })
    expect(refused).toEqual({ status: 409, body: { error: 'the voucher is used up' } })
  })

  it('refuses kinds of tickets that there are not', async () => {
    const refused = await call('POST', '/orders', { person: visitor.id, kind: 'year' })
    expect(refused).toEqual({ status: 422, body: { error: 'there are no tickets of this kind' } })
  })

  it('books talks with the ticket, and says what is full', async () => {
    const small = await inProgramme(chair, speaker, room, 10)
    const large = await inProgramme(chair, speaker, await newRoom(chair, 9), 11)
    const earlier = await newPerson('Betty')
    await ask('POST', '/orders', { person: earlier.id, kind: 'student', talks: [small.id] })
    const bought = await order({ talks: [small.id, large.id] })
    expect(bought).toMatchObject({ price: 12000, booked: [large.id], full: [small.id] })
    expect(await seatsLeft(large)).toBe(8)
  })

  it('prints a badge soon after', async () => {
    await visitor.as.request('mutation Company($id: Int!) { updatePerson(input: {id: $id, patch: {company: "ENIAC"}}) { person { id } } }', { id: visitor.id })
    const { ticket } = await order()
    const badge = await waitFor('the badge', async () => (await ask('GET', `/badges/${ticket}`)).badge)
    expect(badge).toBe('Joan / ENIAC / day')
  })

  it('takes a ticket back, and its seats', async () => {
    const talk = await inProgramme(chair, speaker, room, 10)
    const { ticket } = await order({ talks: [talk.id], voucher })
    expect(await seatsLeft(talk)).toBe(0)
    const refund = await ask('POST', `/tickets/${ticket}/refund`, undefined, 'clerk')
    expect(refund).toEqual({ ticket, refunded: 9000, freed: 1 })
    expect(await seatsLeft(talk)).toBe(1)
    const { voucher: again } = await chair.request('query Voucher($code: String!) { voucher(code: $code) { usesLeft } }', { code: voucher })
    expect(again.usesLeft).toBe(1)
    const twice = await call('POST', `/tickets/${ticket}/refund`, undefined, 'clerk')
    expect(twice.status).toBe(409)
  })

  it('lets only clerks take tickets back', async () => {
    const { ticket } = await order()
    expect((await call('POST', `/tickets/${ticket}/refund`)).status).toBe(403)
    const { ticket: kept } = await chair.request('query Ticket($id: Int!) { ticket(id: $id) { status } }', { id: ticket })
    expect(kept.status).toBe('PAID')
  })

  it('shows changes of the programme at once', async () => {
    const talk = await inProgramme(chair, speaker, room, 10)
    const before = await ask('GET', `/rooms/${room.id}/programme`)
    expect(before.talks.map(({ title }) => title)).toEqual([talk.title])
    expect((await ask('GET', `/rooms/${room.id}/programme`)).cached).toBe(true)
    const title = unique('On bugs')
    await ask('PATCH', `/talks/${talk.id}`, { title }, 'clerk')
    const after = await ask('GET', `/rooms/${room.id}/programme`)
    expect(after.talks.map(({ title }) => title)).toEqual([title])
  })

  it('has the whole schedule of a visitor', async () => {
    const hall = await newRoom(chair, 9)
    const talks = []
    for (const hour of [10, 11, 12, 13, 14]) talks.push(await inProgramme(chair, speaker, hall, hour, { minutes: 30 }))
    await order({ talks: talks.map(({ id }) => id) })
    const schedule = await ask('GET', `/people/${visitor.id}/schedule`)
    expect(schedule).toEqual({ talks: talks.map(({ title }) => title), minutes: 150 })
  })

  it('counts each who likes a talk', async () => {
    const talk = await inProgramme(chair, speaker, room, 10)
    await Promise.all([ask('POST', `/talks/${talk.id}/likes`), ask('POST', `/talks/${talk.id}/likes`)])
    const { talk: liked } = await chair.request('query Likes($id: Int!) { talk(id: $id) { likes } }', { id: talk.id })
    expect(liked.likes).toBe(2)
  })

  it('reports what was taken in', async () => {
    const other = await newPerson('Kay')
    await order({ kind: 'week' })
    await order({ kind: 'day', voucher })
    const { ticket } = await ask('POST', '/orders', { person: other.id, kind: 'day' })
    await ask('POST', '/orders', { person: other.id, kind: 'student' })
    await ask('POST', `/tickets/${ticket}/refund`, undefined, 'clerk')
    const report = await ask('GET', `/report?people=${visitor.id},${other.id}`, undefined, 'clerk')
    expect(report).toEqual({ kinds: { week: 40000, day: 9000, student: 5000 }, total: 54000 })
  })
})
