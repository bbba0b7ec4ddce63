// The lab, which the tests start as a process of its own, and how its pages use it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { blobs, put, queues } from './storage.js'

const LAB = process.env.LAB_URL ?? 'http://127.0.0.21:8095'
const PRICES = { '10x15': 19, '20x30': 249, panorama: 480 }
let running

const office = blobs.getContainerClient('office')

/** The prices are as ever, and nothing waits for the printer. */
export async function tidyUp () {
  await put(office, 'prices.json', JSON.stringify(PRICES))
  await queues.getQueueClient('jobs').clearMessages()
}

export async function startLab () {
  await office.createIfNotExists()
  running = spawn(process.execPath, [fileURLToPath(new URL('../../lab/server.js', import.meta.url))], {
    env: { LAB_KEY: process.env.STORAGE_KEY, ...process.env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let complaints = ''
  running.stderr.on('data', piece => { complaints += piece })
  const ended = once(running, 'close').then(([code]) => {
    throw new Error(`the lab ended with ${code}: ${/^\w*Error.*$/m.exec(complaints)?.[0] ?? 'without a word'}`)
  })
  await Promise.race([once(running.stdout, 'data'), ended])
  ended.catch(() => {})
}

export async function stopLab () {
  if (!running || running.exitCode !== null) return
  running.kill('SIGTERM')
  await once(running, 'exit')
}

/** The status and the body of an answer. */
export async function call (method, route, body, role = 'counter') {
  const response = await fetch(LAB + route, {
    method,
    headers: { 'x-role': role, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(15_000)
  })
  return { status: response.status, body: await response.json() }
}

/** The body of an answer that is to be good. */
export async function ask (method, route, body, role) {
  const answer = await call(method, route, body, role)
  if (answer.status >= 400) throw new Error(`${method} ${route}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
