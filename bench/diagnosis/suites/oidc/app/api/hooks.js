// Who wants to be told of loans, signed with the secret that they gave.
import { createHmac, randomUUID } from 'node:crypto'

const TRIES = 3
const hooks = new Map()

export function subscribe ({ url, secret, events }, user) {
  const hook = { id: randomUUID(), url, secret, events, owner: user.id }
  hooks.set(hook.id, hook)
  return { id: hook.id, url, events }
}

export const unsubscribe = id => hooks.delete(id)

export const sign = (secret, text) => `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`

async function deliver (hook, text) {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const response = await fetch(hook.url, { method: 'POST', headers: { 'content-type': 'application/json', 'x-signature': sign(hook.secret, text), 'x-attempt': String(attempt) }, body: text, signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    if (response?.ok) return
    await new Promise(resolve => setTimeout(resolve, 100 * attempt))
  }
}

/** Tells all that want to hear of it, in the background. */
export function tell (event, data) {
  const text = JSON.stringify({ id: randomUUID(), event, data })
  for (const hook of hooks.values()) if (hook.events.includes(event)) deliver(hook, text)
}
