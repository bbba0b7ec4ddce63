// The desk's way to the base: one account, no answer waited for too long, and what a restart breaks is asked for again.
import { setTimeout as sleep } from 'node:timers/promises'
import PocketBase from 'pocketbase'

const URL = process.env.HUTS_URL ?? 'http://127.0.0.1:8090'
const TIMEOUT = Number(process.env.WARDEN_TIMEOUT ?? 3000)
const RETRIES = Number(process.env.WARDEN_RETRIES ?? 2)
const ACCOUNT = process.env.WARDEN_ACCOUNT ?? 'warden@huts.test'
const PASSWORD = process.env.WARDEN_PASSWORD ?? 'marmot-2-marmot'

/** `fetch`, which tries again when a gateway or the connection is at fault. */
async function steady (url, options) {
  for (let left = RETRIES; ; left -= 1) {
    let answer
    try {
      answer = await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT) })
    } catch (error) {
      if (error.name === 'TimeoutError' || left <= 0) throw error
    }
    if (answer && (left <= 0 || ![502, 503, 504].includes(answer.status))) return answer
    await answer?.arrayBuffer()
    await sleep(200)
  }
}

export const base = new PocketBase(URL)
base.autoCancellation(false)
base.beforeSend = (url, options) => ({ url, options: { ...options, fetch: steady } })

/** Signs in unless the token is good for some more minutes. */
export async function signIn () {
  if (!base.authStore.isValid) await base.collection('staff').authWithPassword(ACCOUNT, PASSWORD)
}

/** Asks for what is no collection. */
export async function ask (path, headers = {}) {
  const answer = await steady(URL + path, { headers: { Authorization: base.authStore.token, ...headers } })
  if (answer.status === 304) return { status: 304 }
  const body = await answer.json()
  if (!answer.ok) throw Object.assign(new Error(body.message), { status: answer.status, response: body })
  return { status: answer.status, tag: answer.headers.get('etag'), body }
}

export const collection = name => base.collection(name)
export const batch = () => base.createBatch()
export const filter = (text, values) => base.filter(text, values)
