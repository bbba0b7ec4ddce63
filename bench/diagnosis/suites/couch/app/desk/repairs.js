// What the desk does with repairs.
'use strict'

const { randomUUID } = require('node:crypto')
const { couch, asHead } = require('./couch.js')
const stock = require('./stock.js')

const PAGE = 3

/** Takes a bicycle in, and the parts that it needs from the stock. */
async function takeIn ({ customer, bike, month, parts = [] }) {
  let price = 30
  for (const { part, pieces } of parts) {
    const taken = await stock.take(part, pieces)
    price += taken.price * pieces
  }
  const repair = { _id: `repair:${randomUUID()}`, type: 'repair', customer, bike, month, parts, price, status: 'open' }
  await couch('PUT', `repairs/${repair._id}`, repair)
  return { number: repair._id, price, status: repair.status }
}

async function finish (number) {
  const repair = await couch('GET', `repairs/${number}`)
  await couch('PUT', `repairs/${number}`, { ...repair, status: 'done' })
  return { number, price: repair.price, status: 'done' }
}

async function cancel (number) {
  const repair = await couch('GET', `repairs/${number}`)
  for (const { part, pieces } of repair.parts) await stock.giveBack(part, pieces)
  await couch('PUT', `repairs/${number}`, { ...repair, status: 'cancelled' })
  return { number, status: 'cancelled' }
}

async function find ({ customer, status }) {
  const { docs } = await couch('POST', 'repairs/_find', { selector: { type: 'repair', customer, ...(status && { status }) }, limit: 50 })
  return { repairs: docs.map(({ _id, bike, status }) => ({ number: _id, bike, status })), count: docs.length }
}

async function bill (customer) {
  const from = encodeURIComponent(JSON.stringify([customer]))
  const to = encodeURIComponent(JSON.stringify([customer, {}]))
  const { rows } = await couch('GET', `repairs/_design/desk/_view/bills?group=true&startkey=${from}&endkey=${to}`)
  return { months: rows.map(({ key, value }) => ({ month: key[1], sum: value })), total: rows.reduce((sum, row) => sum + row.value, 0) }
}

/** All that a customer has pending, page by page. */
async function pending (customer) {
  let count = 0
  let sum = 0
  for (let skip = 0; ; skip += PAGE) {
    const { docs } = await couch('POST', 'repairs/_find', { selector: { type: 'repair', customer, status: 'open' }, limit: PAGE, skip })
    count += docs.length
    for (const doc of docs) sum += doc.price
    if (docs.length < PAGE) return { count, sum }
  }
}

/** Takes in what another workshop hands over, and says what was refused. */
async function handOver (repairs) {
  const docs = repairs.map(repair => ({ ...repair, type: 'repair', status: 'open' }))
  const results = await couch('POST', 'repairs/_bulk_docs', { docs })
  const refused = results.filter(result => result.error)
  return { taken: results.length - refused.length, refused: refused.map(({ id, error }) => ({ number: id, why: error })) }
}

/** Has what is done copied into the archive, which takes its time. */
async function archive (customer) {
  const repairs = (await find({ customer, status: 'done' })).repairs.map(({ number }) => number)
  const job = `archive-${randomUUID()}`
  await couch('PUT', `_replicator/${job}`, { source: 'repairs', target: 'archive', doc_ids: repairs }, asHead())
  return { job, repairs: repairs.length }
}

async function archived (job) {
  const state = await couch('GET', `_replicator/${job}`, undefined, asHead())
  return { job, state: state._replication_state ?? 'waiting' }
}

module.exports = { takeIn, finish, cancel, find, bill, pending, handOver, archive, archived }
