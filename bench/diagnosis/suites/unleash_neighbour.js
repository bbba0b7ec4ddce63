// Another test of the same run, which does something to the shared server while its neighbour is in the middle.
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'vitest'
import { signIn } from './helpers/api.js'

describe('Neighbour', () => {
  it('does something else', async () => {
    const api = await signIn()
    const end = Date.now() + 15_000
    // The proxy makes the file when its neighbour is where it can be hit.
    while (!fs.existsSync(process.env.CASE_SIGNAL)) {
      if (Date.now() > end) throw new Error('the neighbour never came')
      await sleep(20)
    }
    // A number is a pause.
    for (const step of JSON.parse(process.env.CASE_NEIGHBOUR)) await (typeof step === 'number' ? sleep(step) : api.request(...step))
  })
})
