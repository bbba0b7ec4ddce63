// The loans, which the tests start as a process of its own, and how the apps of the library ask them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import axios from 'axios'
import { signIn } from './login.js'

export const LOANS = process.env.LOANS_URL ?? 'http://127.0.0.16:8100'
const SERVER = fileURLToPath(new URL('../../api/server.js', import.meta.url))
let running

export async function startLoans () {
  running = spawn(process.execPath, [SERVER], { env: process.env, stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  running.stderr.on('data', piece => { complaints += piece })
  const ended = once(running, 'close').then(([code]) => {
    throw new Error(`the loans ended with ${code}: ${/^\w*Error.*$/m.exec(complaints)?.[0] ?? 'without a word'}`)
  })
  await Promise.race([once(running.stdout, 'data'), ended])
  ended.catch(() => {})
}

export async function stopLoans () {
  if (!running || running.exitCode !== null) return
  running.kill('SIGTERM')
  await once(running, 'exit')
}

/** The loans as whoever has this token sees them. */
export const withToken = token => axios.create({ baseURL: LOANS, timeout: 8000, headers: token && { authorization: `Bearer ${token}` } })

/** The loans as one of the accounts sees them. */
export async function as (login, options) {
  const { tokens } = await signIn(login, options)
  return withToken(tokens.access_token)
}
