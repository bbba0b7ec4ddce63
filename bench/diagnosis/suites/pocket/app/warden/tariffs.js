// What a night costs: the office keeps the tariffs, and the desk reads them again only when they have changed.
import { ask } from './base.js'
import { refusal } from './errors.js'

let known

async function tariffs () {
  const answer = await ask('/api/tariffs', known && { 'If-None-Match': known.tag })
  if (answer.status !== 304) known = { tag: answer.tag, cents: answer.body.cents }
  return known.cents
}

/** The price of so many beds for a night, in cents. */
export async function price (grade, beds) {
  const cents = (await tariffs())[grade || 'guest']
  if (cents === undefined) throw refusal(422, `no tariff for ${grade}`)
  return cents * beds
}
