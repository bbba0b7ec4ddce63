// The base as the tests use it: with its own client, and by plain requests.
import { setTimeout as sleep } from 'node:timers/promises'
import PocketBase from 'pocketbase'
import { unique } from './wait.js'

const URL = process.env.HUTS_URL ?? 'http://127.0.0.1:8090'
const FILES = process.env.FILES_URL ?? URL
const TIMEOUT = Number(process.env.BASE_TIMEOUT ?? 4000)
const RETRIES = Number(process.env.BASE_RETRIES ?? 2)

/** `fetch` with a limit, which tries again when a gateway or the connection is at fault. */
async function steady (url, options) {
  for (let left = RETRIES; ; left -= 1) {
    try {
      const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT) })
      if (left <= 0 || ![502, 503, 504].includes(answer.status)) return answer
      await answer.arrayBuffer()
    } catch (error) {
      if (error.name === 'TimeoutError' || left <= 0) throw error
    }
    await sleep(250)
  }
}

/** A client of nobody, until it signs in. */
export function client () {
  const base = new PocketBase(URL)
  base.autoCancellation(false)
  base.beforeSend = (url, options) => ({ url, options: { ...options, fetch: steady } })
  return base
}

/** A client of the office. */
export async function office () {
  const base = client()
  await base.collection('staff').authWithPassword(process.env.OFFICE_ACCOUNT ?? 'office@huts.test', process.env.OFFICE_PASSWORD ?? 'edelweiss-1')
  return base
}

export const PASSWORD = 'a-rope-of-40-m'

/** Somebody new, who is signed in. */
export async function newGuest ({ email = `${unique('guest')}@club.test`, ...values } = {}) {
  const base = client()
  const guest = await base.collection('guests').create({ email, password: PASSWORD, passwordConfirm: PASSWORD, name: 'Ada', grade: 'member', ...values })
  const { token } = await base.collection('guests').authWithPassword(email, PASSWORD)
  return { base, token, email, id: guest.id }
}

export const newHut = (base, values = {}) => {
  const slug = unique('hut')
  return base.collection('huts').create({ name: `Hut ${slug}`, slug, beds: 12, altitude: 2140, open: true, region: 'west', ...values })
}

/** A plain request: status, headers, and what JSON there is. */
export async function api (method, path, { token, body, headers = {} } = {}) {
  const answer = await fetch(URL + path, {
    method,
    headers: { ...(token && { authorization: token }), ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT)
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined }
}

/** The same for what has to succeed. */
export async function good (method, path, options) {
  const { status, body } = await api(method, path, options)
  if (status >= 400) throw new Error(`${method} ${path.split('?')[0]} answered ${status}: ${body?.message}`)
  return body
}

export const records = collection => `/api/collections/${collection}/records`

/** A file of a record, as hikers read it. */
export const file = async (record, name, { of = 'huts', pass } = {}) => {
  const answer = await fetch(`${FILES}/api/files/${of}/${record}/${name}${pass ? `?token=${pass}` : ''}`, { signal: AbortSignal.timeout(TIMEOUT) })
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}

/** The status and the codes with which something was refused. */
export async function refused (promise) {
  try {
    await promise
  } catch (error) {
    const codes = Object.entries(error.response?.data ?? {}).map(([field, { code }]) => [field, code])
    return { status: error.status, ...Object.fromEntries(codes) }
  }
  throw new Error('it was not refused')
}
