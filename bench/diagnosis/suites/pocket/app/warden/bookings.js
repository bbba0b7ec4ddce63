// Beds, and who sleeps in them.
import { ask, batch, collection, filter } from './base.js'
import { refusal } from './errors.js'
import { price } from './tariffs.js'

const PAGE = 3
const shown = ({ id, night, beds, cents, status, note }) => ({ id, night, beds, cents, status, note })

export const hutOf = slug => collection('huts').getFirstListItem(filter('slug = {:slug}', { slug }))

/** What waits to be confirmed, in the order of its arrival. */
const waiting = []
let confirming

async function confirm (id) {
  const booking = await collection('bookings').getOne(id, { expand: 'guest' })
  if (booking.status !== 'asked') return
  const { grade } = booking.expand.guest
  const cents = await price(grade, booking.beds)
  await collection('bookings').update(id, { status: 'confirmed', cents })
}

function confirmNext () {
  confirming ??= (async () => {
    while (waiting.length) {
      const id = waiting.shift()
      await confirm(id).catch(error => console.error(`booking ${id} is not confirmed: ${error.message}`))
    }
    confirming = undefined
  })()
}

/** Notes a booking; it is confirmed in the background. */
export async function book (slug, { guest, night, beds = 1, note = '' }) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(night ?? '')) throw refusal(422, 'a booking needs a night')
  const hut = await hutOf(slug)
  if (!hut.open) throw refusal(409, `${hut.name} is closed`)
  const { body: { free } } = await ask(`/api/huts/${slug}/free?night=${night}`)
  if (beds > free) throw refusal(409, `there are ${free} beds left`)
  const booking = await collection('bookings').create({ hut: hut.id, guest, night, beds, note })
  waiting.push(booking.id)
  confirmNext()
  return shown(booking)
}

/** All beds of a group, or none. */
export async function bookGroup (slug, text) {
  const [head, ...lines] = text.trim().split('\n').map(line => line.split(';').map(cell => cell.trim()))
  const rows = lines.map(cells => Object.fromEntries(head.map((name, place) => [name, cells[place]])))
  if (!rows.length) throw refusal(422, 'a group has a line at least')
  const hut = await hutOf(slug)
  const all = batch()
  for (const { guest, night, beds } of rows) all.collection('bookings').create({ hut: hut.id, guest, night, beds: Number(beds), note: 'group' })
  const made = (await all.send()).map(({ body }) => shown(body))
  return { bookings: made, beds: made.reduce((sum, { beds }) => sum + beds, 0) }
}

export async function show (id) {
  return shown(await collection('bookings').getOne(id))
}

async function change (id, status, from) {
  const booking = await collection('bookings').getOne(id)
  if (!from.includes(booking.status)) throw refusal(409, `it is ${booking.status}`)
  return shown(await collection('bookings').update(id, { status }))
}

export const cancel = id => change(id, 'cancelled', ['asked', 'confirmed'])
export const arrive = id => change(id, 'arrived', ['confirmed'])

export async function free (slug, night) {
  const { body } = await ask(`/api/huts/${slug}/free?night=${night}`)
  return { night, beds: body.beds, free: body.free }
}

/** A page of those who come that night, by name. */
export async function arrivals (slug, night, page = 1) {
  const hut = await hutOf(slug)
  const found = await collection('bookings').getList(page, PAGE, {
    filter: filter("hut = {:hut} && night = {:night} && (status = 'confirmed' || status = 'asked')", { hut: hut.id, night }),
    sort: 'guest.name',
    expand: 'guest'
  })
  const more = found.page < found.totalPages
  return {
    guests: found.items.map(({ beds, expand }) => ({ name: expand.guest.name, beds })),
    total: found.totalItems,
    ...(more && { next: found.page + 1 })
  }
}

/** What a guest owes for the nights that they were there. */
export async function bill (slug, guest) {
  const hut = await hutOf(slug)
  const { name, grade } = await collection('guests').getOne(guest)
  const stays = await collection('bookings').getFullList({
    filter: filter("hut = {:hut} && guest = {:guest} && status = 'arrived'", { hut: hut.id, guest }),
    sort: 'night'
  })
  const lines = []
  for (const { night, beds } of stays) lines.push({ night, beds, cents: await price(grade, beds) })
  return { name, lines, cents: lines.reduce((sum, { cents }) => sum + cents, 0) }
}
