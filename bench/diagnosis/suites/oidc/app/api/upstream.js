// How the loans ask the log-in and the office: with a limit, and again where these are only busy.
import { setTimeout as sleep } from 'node:timers/promises'
import { Upstream } from './errors.js'

export const LOGIN = process.env.LOGIN_URL ?? 'http://login.lib.test:5300'
export const OFFICE = process.env.OFFICE_URL ?? 'https://office.lib.test:5343'
const TIMEOUT = Number(process.env.UPSTREAM_TIMEOUT ?? 3000)
const CLIENT = `loans:${process.env.LOANS_SECRET ?? 'loans-Regal6'}`

/** Asks; what is answered 503 is asked twice more. */
export async function ask (service, url, options = {}) {
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT) })
    if (response.status === 503 && attempt < 2) {
      await response.text()
      await sleep(150)
      continue
    }
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    const body = isJson ? JSON.parse(text) : text
    if (!response.ok) throw new Upstream(service, response.status, body)
    return body
  }
}

/** Asks the log-in by a form, as the client that we are or as another one. */
export const askLogin = (path, form, client = CLIENT) => ask('login', LOGIN + path, {
  method: 'POST',
  headers: { authorization: `Basic ${Buffer.from(client).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(form).toString()
})

let token
/** Our own token for the office, until shortly before its end. */
async function officeToken () {
  if (!token || token.until < Date.now()) {
    const { access_token: text, expires_in: seconds } = await askLogin('/token', { grant_type: 'client_credentials', scope: 'mail:send tariffs:read', resource: 'https://office.lib.test' })
    token = { text, until: Date.now() + (seconds - 1) * 1000 }
  }
  return token.text
}

export async function askOffice (path, body) {
  const authorization = `Bearer ${await officeToken()}`
  return ask('office', OFFICE + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body)
  })
}
