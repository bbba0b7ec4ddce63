// Who asks, and what they may: tokens of the log-in (those that can be read here, and those that must be asked for), and
// the sessions of our own pages.
import { randomUUID } from 'node:crypto'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { Refusal } from './errors.js'
import { askLogin, LOGIN } from './upstream.js'

const AUDIENCE = 'https://loans.lib.test'
const PAGES = 'pages:pages-Regal5'
const keys = createRemoteJWKSet(new URL(`${LOGIN}/jwks`), { cooldownDuration: 100, timeoutDuration: 3000 })
const sessions = new Map()

async function readToken (text) {
  if (text.split('.').length === 3) {
    const { payload } = await jwtVerify(text, keys, { issuer: LOGIN, audience: AUDIENCE }).catch(error => {
      if (['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'].includes(error.code) || !error.code) throw error
      throw new Refusal(401, 'invalid_token', error.message)
    })
    return payload
  }
  const found = await askLogin('/token/introspection', { token: text })
  if (!found.active) throw new Refusal(401, 'invalid_token', 'the token is not active')
  return { ...found, scope: `${found.scope} books:read` }
}

/** Takes a code of the log-in, and keeps what it is good for. */
export async function openSession ({ code, code_verifier: verifier }) {
  const tokens = await askLogin('/token', { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: 'https://www.lib.test/callback', resource: AUDIENCE }, PAGES)
  const id = randomUUID()
  sessions.set(id, keep(tokens))
  return { id, expiresIn: tokens.expires_in }
}

const keep = tokens => ({ access: tokens.access_token, refresh: tokens.refresh_token, until: decodeJwt(tokens.access_token).exp * 1000 })

export const closeSession = id => sessions.delete(id)

/** The token of a session, a new one where the old one has ended. */
async function tokenOfSession (id) {
  const session = sessions.get(id)
  if (!session) throw new Refusal(401, 'no_session', 'there is no such session')
  if (session.until <= Date.now()) {
    const tokens = await askLogin('/token', { grant_type: 'refresh_token', refresh_token: session.refresh, resource: AUDIENCE }, PAGES)
    sessions.set(id, keep(tokens))
    return tokens.access_token
  }
  return session.access
}

/** Knows who asks. */
export async function identify (request, _response, next) {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const session = /(?:^|; )session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
  if (!bearer && !session) throw new Refusal(401, 'no_token', 'a token is needed')
  const claims = await readToken(bearer ?? await tokenOfSession(session))
  request.user = { id: claims.sub ?? claims.client_id, role: claims.role ?? 'machine', branch: claims.branch, scopes: (claims.scope ?? '').split(' ') }
  next()
}

/** Lets pass who has this scope, and one of these roles where some are named. */
export const allow = (scope, ...roles) => (request, _response, next) => {
  const { scopes, role } = request.user
  if (!scopes.includes(scope)) throw new Refusal(403, 'insufficient_scope', `this needs ${scope}`)
  if (roles.length && !roles.includes(role)) throw new Refusal(403, 'forbidden', `not for the role ${role}`)
  next()
}
