// The desk, which the tests start as a process of its own, and how its pages use it.
'use strict'

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const path = require('node:path')

const DESK = process.env.DESK_URL ?? 'http://127.0.0.14:8090'
let running

async function startDesk () {
  running = spawn(process.execPath, [path.join(__dirname, '../../desk/server.js')], {
    env: { COUCH_USER: 'desk', COUCH_PASSWORD: 'desk-Sturmey3', COUCH_ADMIN_PASSWORD: 'Rohloff-14', ...process.env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let complaints = ''
  running.stderr.on('data', piece => { complaints += piece })
  const ended = once(running, 'close').then(([code]) => {
    throw new Error(`the desk ended with ${code}: ${/^\w*Error.*$/m.exec(complaints)?.[0] ?? 'without a word'}`)
  })
  await Promise.race([once(running.stdout, 'data'), ended])
  ended.catch(() => {})
}

async function stopDesk () {
  if (!running || running.exitCode !== null) return
  running.kill('SIGTERM')
  await once(running, 'exit')
}

/** The status and the body of an answer. */
async function call (method, route, body, role = 'clerk') {
  const response = await fetch(DESK + route, {
    method,
    headers: { 'x-role': role, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(12000)
  })
  return { status: response.status, body: await response.json() }
}

/** The body of an answer that is to be good. */
async function ask (method, route, body, role) {
  const answer = await call(method, route, body, role)
  if (answer.status >= 400) throw new Error(`${method} ${route}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

module.exports = { startDesk, stopDesk, call, ask }
