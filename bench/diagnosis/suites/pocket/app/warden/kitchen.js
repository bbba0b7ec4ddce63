// What there is to eat, and what has to be carried up.
import { batch, collection, filter } from './base.js'
import { refusal } from './errors.js'
import { hutOf } from './bookings.js'

const stockOf = hut => collection('stock').getFullList({ filter: filter('hut = {:hut}', { hut }), sort: 'item' })

/** Takes out of the store for a meal, all of it or nothing. */
export async function cook (slug, meal) {
  const hut = await hutOf(slug)
  const stock = Object.fromEntries((await stockOf(hut.id)).map(row => [row.item, row]))
  const all = batch()
  for (const [item, amount] of Object.entries(meal)) {
    if (!stock[item]) throw refusal(422, `there is no ${item}`)
    if (stock[item].amount < amount) throw refusal(409, `not enough ${item}`)
    all.collection('stock').update(stock[item].id, { 'amount-': amount })
  }
  const left = (await all.send()).map(({ body }) => [body.item, body.amount])
  return { left: Object.fromEntries(left) }
}

/** What is to be carried up: twice what there has to be, at least. */
export async function order (slug) {
  const hut = await hutOf(slug)
  const low = (await stockOf(hut.id)).filter(({ amount, least }) => amount < least)
  return { items: low.map(({ item, amount, least }) => ({ item, carry: 2 * least - amount })) }
}

let last = Promise.resolve()

/** The base does not add what comes at the same time: one after the other. */
export function supply (slug, goods) {
  const mine = last.then(() => add(slug, goods))
  last = mine.catch(() => {})
  return mine
}

async function add (slug, { item, amount, least = 0 }) {
  const hut = await hutOf(slug)
  try {
    const row = await collection('stock').getFirstListItem(filter('hut = {:hut} && item = {:item}', { hut: hut.id, item }))
    return await collection('stock').update(row.id, { 'amount+': amount })
  } catch (error) {
    if (error.status !== 404) throw error
    return await collection('stock').create({ hut: hut.id, item, amount, least })
  }
}
