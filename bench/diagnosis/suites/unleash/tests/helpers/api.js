// The team's own client of Unleash's admin API.
import { setTimeout as sleep } from 'node:timers/promises'

const BASE = process.env.UNLEASH_URL ?? 'http://localhost:4242'
const TIMEOUT = Number(process.env.API_TIMEOUT ?? 5000)
// The deployment restarts now and then: what is answered 503 is asked again.
const RETRIES = Number(process.env.API_RETRIES ?? 2)

export class ApiError extends Error {
  constructor (method, path, status, body) {
    const text = typeof body === 'string' ? body.slice(0, 200) : body?.details?.[0]?.message ?? body?.message ?? JSON.stringify(body)
    super(`${method} ${path} answered ${status}: ${text}`)
    this.name = 'ApiError'
    this.status = status
    this.body = body
  }
}

export class Api {
  constructor (headers = {}) {
    this.headers = headers
  }

  async call (method, path, body) {
    for (let attempt = 0; ; attempt += 1) {
      const response = await fetch(BASE + path, {
        method,
        headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }), ...this.headers },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT)
      })
      if (response.status === 503 && attempt < RETRIES) {
        await response.arrayBuffer()
        await sleep(200 * (attempt + 1))
        continue
      }
      return response
    }
  }

  async request (method, path, body) {
    const response = await this.call(method, path, body)
    const isJson = response.headers.get('content-type')?.includes('json')
    const answer = isJson ? await response.json() : await response.text()
    if (!response.ok) throw new ApiError(method, path, response.status, answer)
    return answer
  }

  get (path) { return this.request('GET', path) }
  post (path, body) { return this.request('POST', path, body) }
  put (path, body) { return this.request('PUT', path, body) }
  patch (path, body) { return this.request('PATCH', path, body) }
  delete (path) { return this.request('DELETE', path) }
}

/** A client with the session of a user. */
export async function signIn (username = 'admin', password = process.env.ADMIN_PASSWORD ?? 'Unleash4all!') {
  const response = await new Api().call('POST', '/auth/simple/login', { username, password })
  if (!response.ok) throw new ApiError('POST', '/auth/simple/login', response.status, await response.text())
  const user = await response.json()
  const cookie = response.headers.getSetCookie().map(line => line.split(';')[0]).join('; ')
  const api = new Api({ cookie })
  api.user = user
  return api
}
