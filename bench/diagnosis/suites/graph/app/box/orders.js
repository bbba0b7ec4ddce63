// Tickets: they are sold with the talks that their holders want to hear, get a badge a moment later, and are taken back.
import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from './graph.js'

const BADGE_AFTER_MS = Number(process.env.BADGE_AFTER_MS ?? 300)

/** Sells a ticket and books talks with it; what is full or not there is said. */
export async function order ({ person, kind, voucher, talks = [] }) {
  const { buyTicket: { ticket } } = await ask(`mutation Buy($person: Int!, $kind: String!, $voucher: String) {
    buyTicket(input: {personId: $person, kind: $kind, voucherCode: $voucher}) { ticket { id price kind } }
  }`, { person, kind, voucher })
  const booked = []
  const full = []
  for (const talk of talks) {
    try {
      await ask('mutation Book($talk: Int!, $person: Int!) { bookSeat(input: {talkId: $talk, personId: $person}) { booking { id } } }', { talk, person })
      booked.push(talk)
    } catch (error) {
      if (error.code !== 'CF409') throw error
      full.push(talk)
    }
  }
  printBadge(ticket.id).catch(error => console.error(`badge of ${ticket.id}: ${error.message}`))
  return { ticket: ticket.id, price: ticket.price, booked, full }
}

/** Nobody waits for it. */
async function printBadge (id) {
  await sleep(BADGE_AFTER_MS)
  const { ticket } = await ask('query Holder($id: Int!) { ticket(id: $id) { kind person { name company } } }', { id })
  const badge = [ticket.person.name, ticket.person.company, ticket.kind].filter(Boolean).join(' / ')
  await ask('mutation Badge($id: Int!, $badge: String!) { updateTicket(input: {id: $id, patch: {badge: $badge}}) { ticket { id } } }', { id, badge })
}

export async function badge (id) {
  const { ticket } = await ask('query Badge($id: Int!) { ticket(id: $id) { badge } }', { id })
  return ticket && { badge: ticket.badge }
}

/** Takes a ticket back, and gives the seats free. */
export async function refund (id) {
  const { refundTicket: { ticket } } = await ask(`mutation Refund($id: Int!) {
    refundTicket(input: {ticketId: $id}) { ticket { id price person { id bookings { nodes { id } } } } }
  }`, { id })
  for (const booking of ticket.person.bookings.nodes) {
    await ask('mutation Free($id: Int!) { deleteBooking(input: {id: $id}) { booking { id } } }', { id: booking.id })
  }
  return { ticket: ticket.id, refunded: ticket.price, freed: ticket.person.bookings.nodes.length }
}

/** What was taken in, by kind of ticket. */
export async function report (people) {
  const { tickets } = await ask(`query Report($people: [Int!]) {
    tickets(filter: {personId: {in: $people}, status: {equalTo: PAID}}) { nodes { kind price } }
  }`, { people })
  const kinds = {}
  for (const { kind, price } of tickets.nodes) kinds[kind] = (kinds[kind] ?? 0) + price
  return { kinds, total: Object.values(kinds).reduce((sum, price) => sum + price, 0) }
}
