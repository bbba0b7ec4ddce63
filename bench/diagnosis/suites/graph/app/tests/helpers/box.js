// The box office, which the tests start as a process of its own, and how its pages use it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const BOX = process.env.BOX_URL ?? 'http://127.0.0.15:8095'
let running

export async function startBox () {
  running = spawn(process.execPath, [fileURLToPath(new URL('../../box/server.js', import.meta.url))], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  running.stderr.on('data', piece => { complaints += piece })
  const ended = once(running, 'close').then(([code]) => {
    throw new Error(`the box office ended with ${code}: ${/^\w*Error.*$/m.exec(complaints)?.[0] ?? 'without a word'}`)
  })
  await Promise.race([once(running.stdout, 'data'), ended])
  ended.catch(() => {})
}

export async function stopBox () {
  if (!running || running.exitCode !== null) return
  running.kill('SIGTERM')
  await once(running, 'exit')
}

/** The status and the body of an answer. */
export async function call (method, route, body, role = 'visitor') {
  const response = await fetch(BOX + route, {
    method,
    headers: { 'x-role': role, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000)
  })
  return { status: response.status, body: await response.json() }
}

/** The body of an answer that is to be good. */
export async function ask (method, route, body, role) {
  const answer = await call(method, route, body, role)
  if (answer.status >= 400) throw new Error(`${method} ${route}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
