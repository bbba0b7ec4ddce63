import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again until `check` gives something, at most for `timeout` milliseconds. */
export async function waitFor (what, check, { timeout = 6000, interval = 250 } = {}) {
  const end = Date.now() + timeout
  for (;;) {
    const found = await check()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain for ${what}`)
    await sleep(interval)
  }
}

export const unique = prefix => `${prefix}-${randomUUID().slice(0, 8)}`
