// The wardens' desk, which the tests start as a process of its own, and how its pages use it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const DESK = process.env.WARDEN_URL ?? 'http://127.0.0.23:8097'
export const KEYS = { site: 'site-4711', warden: 'warden-0815', kitchen: 'kitchen-3333' }
let running

export async function startDesk () {
  running = spawn(process.execPath, [fileURLToPath(new URL('../../warden/server.js', import.meta.url))], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  running.stderr.on('data', piece => { complaints += piece })
  const ended = once(running, 'close').then(([code]) => {
    throw new Error(`the desk ended with ${code}: ${/^\w*Error.*$/m.exec(complaints)?.[0] ?? 'without a word'}`)
  })
  await Promise.race([once(running.stdout, 'data'), ended])
  ended.catch(() => {})
}

export async function stopDesk () {
  if (!running || running.exitCode !== null) return
  running.kill('SIGTERM')
  await once(running, 'exit')
}

/** The status and the body of an answer. */
export async function call (method, route, body, key = KEYS.warden) {
  const isText = typeof body === 'string'
  const response = await fetch(DESK + route, {
    method,
    headers: { 'x-key': key, ...(body && { 'content-type': isText ? 'text/plain' : 'application/json' }) },
    body: isText ? body : body && JSON.stringify(body),
    signal: AbortSignal.timeout(15_000)
  })
  return { status: response.status, body: await response.json() }
}

/** The body of an answer that is to be good. */
export async function ask (method, route, body, key) {
  const answer = await call(method, route, body, key)
  if (answer.status >= 400) throw new Error(`${method} ${route}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
