// Another test of the same run, which does something to the shared base while its neighbour is in the middle.
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'vitest'
import { newGuest, office } from './helpers/base.js'

const doing = {
  /** The office changes a tariff. */
  tariff: async (base, grade, cents) => {
    const { id } = await base.collection('tariffs').getFirstListItem(`grade = '${grade}'`)
    await base.collection('tariffs').update(id, { cents })
  },
  /** Somebody sleeps in the hut that was built last. */
  bed: async (base, night, beds) => {
    const { items: [hut] } = await base.collection('huts').getList(1, 1, { sort: '-created' })
    const { id } = await newGuest({ name: 'Neighbour' })
    await base.collection('bookings').create({ hut: hut.id, guest: id, night, beds, status: 'confirmed' })
  }
}

describe('Neighbour', () => {
  it('does something else', async () => {
    const base = await office()
    const end = Date.now() + 15_000
    // The proxy makes the file when its neighbour is where it can be hit.
    while (!fs.existsSync(process.env.CASE_SIGNAL)) {
      if (Date.now() > end) throw new Error('the neighbour never came')
      await sleep(20)
    }
    for (const [what, ...values] of JSON.parse(process.env.CASE_NEIGHBOUR)) await doing[what](base, ...values)
  })
})
