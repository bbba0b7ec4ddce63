// The log-in as the library's clients use it, and a browser that is only as clever as a test needs it.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

export const LOGIN = process.env.LOGIN_URL ?? 'http://login.lib.test:5300'
export const CALLBACK = 'https://www.lib.test/callback'
export const API = 'https://loans.lib.test'
export const OFFICE = 'https://office.lib.test'
const TIMEOUT = Number(process.env.LOGIN_TIMEOUT ?? 4000)
export const PASSWORDS = { ada: process.env.ADA_PASSWORD ?? 'Zettelkasten-1', ben: 'Zettelkasten-2', ida: 'Signatur-3', kim: 'Signatur-4' }
const SECRETS = { importer: process.env.IMPORTER_SECRET ?? 'importer-Regal7', pages: 'pages-Regal5', loans: 'loans-Regal6' }

/** What openid-client knows of the log-in, as one of its clients. */
export async function client (name = 'reading-room', secret = SECRETS[name]) {
  const options = { execute: [oidc.allowInsecureRequests], timeout: TIMEOUT / 1000 }
  const method = secret ? oidc.ClientSecretBasic(secret) : oidc.None()
  return oidc.discovery(new URL(LOGIN), name, undefined, method, options)
}

/** A plain request to the log-in, with the form or the JSON that goes with it. */
export async function request (method, path, { form, json, headers, cookies } = {}) {
  const response = await fetch(new URL(path, LOGIN), {
    method,
    headers: { ...(form && { 'content-type': 'application/x-www-form-urlencoded' }), ...(json && { 'content-type': 'application/json' }), ...(cookies?.size && { cookie: [...cookies].map(pair => pair.join('=')).join('; ') }), ...headers },
    body: form ? new URLSearchParams(form).toString() : json && JSON.stringify(json),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT)
  })
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)
    if (value) cookies?.set(name, value)
    else cookies?.delete(name)
  }
  return response
}

/** Follows the log-in from page to page, signs in and agrees where it asks, until it sends the browser back to us. */
export async function browse (url, { login, password = PASSWORDS[login], consent = 'yes', cookies = new Map(), asked = [] }) {
  let next = url
  for (let step = 0; step < 12; step += 1) {
    if (next.href.startsWith(CALLBACK)) return { callback: next, cookies, asked }
    let response = await request('GET', next, { cookies })
    if (response.status === 200) {
      const page = await response.json()
      asked.push(page.prompt)
      const form = page.prompt === 'login' ? { login, password } : { consent }
      response = await request('POST', `/interaction/${page.uid}`, { form, cookies })
    }
    if (![302, 303].includes(response.status)) throw Object.assign(new Error(`the log-in answered ${response.status} to ${next.pathname}: ${(await response.text()).slice(0, 200)}`), { status: response.status })
    next = new URL(response.headers.get('location'), LOGIN)
  }
  return assert.fail('the log-in sends the browser in circles')
}

/** The way to a code: which page to open, and what to show when it comes back. */
export async function authorization (config, { scope, resource, ...parameters }) {
  const verifier = oidc.randomPKCECodeVerifier()
  const state = oidc.randomState()
  const query = { redirect_uri: CALLBACK, scope, state, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...(resource && { resource }), ...parameters }
  return { url: oidc.buildAuthorizationUrl(config, query), verifier, state }
}

/** Signs somebody in and gives their tokens. */
export async function signIn (login, { name = 'reading-room', scope = 'openid profile offline_access books:read books:write loans', resource = API, config, ...browser } = {}) {
  const used = config ?? await client(name)
  const { url, verifier, state } = await authorization(used, { scope, resource, prompt: 'consent' })
  const { callback, cookies } = await browse(url, { login, ...browser })
  const tokens = await oidc.authorizationCodeGrant(used, callback, { pkceCodeVerifier: verifier, expectedState: state }, resource && { resource })
  return { config: used, tokens, cookies }
}
