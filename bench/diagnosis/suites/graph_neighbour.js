// Another test of the same run, which does something to the shared server while its neighbour is in the middle.
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'vitest'
import { asChair } from './helpers/api.js'

describe('Neighbour', () => {
  it('does something else', async () => {
    const chair = await asChair()
    const end = Date.now() + 15_000
    // The proxy makes the file when its neighbour is where it can be hit.
    while (!fs.existsSync(process.env.CASE_SIGNAL)) {
      if (Date.now() > end) throw new Error('the neighbour never came')
      await sleep(20)
    }
    // Each a query with its variables. A text `$path` among these is what the answer before has at that path.
    let last = {}
    for (const [query, variables = {}] of JSON.parse(process.env.CASE_NEIGHBOUR)) {
      const filled = Object.entries(variables).map(([key, value]) => [key, typeof value === 'string' && value[0] === '$' ? value.slice(1).split('.').reduce((at, part) => at?.[part], last) : value])
      last = await chair.request(query, Object.fromEntries(filled))
    }
  })
})
