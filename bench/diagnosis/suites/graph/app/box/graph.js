// How the box office asks the API.
import { setTimeout as sleep } from 'node:timers/promises'

const API = process.env.API_URL ?? 'http://localhost:5200/graphql'
const TIMEOUT_MS = Number(process.env.BOX_TIMEOUT_MS ?? 3000)
const EMAIL = process.env.BOX_EMAIL ?? 'box@conf.test'
const PASSWORD = process.env.BOX_PASSWORD ?? 'tickets-please'

let token

/** What the API did not do: its status, and the errors that it told of. */
export class ApiError extends Error {
  constructor (status, errors) {
    super(errors.map(({ message }) => message).join('; '))
    this.status = status
    this.code = errors[0]?.errcode ?? errors[0]?.extensions?.exception?.errcode
  }
}

async function post (query, variables, authorization) {
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(API, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(TIMEOUT_MS)
    })
    // What restarts is asked again.
    if (response.status === 503 && attempt < 2) {
      await response.arrayBuffer()
      await sleep(200 * (attempt + 1))
      continue
    }
    const text = await response.text()
    let body
    try {
      body = JSON.parse(text)
    } catch {
      throw new ApiError(response.status, [{ message: `no JSON: ${text.slice(0, 80)}` }])
    }
    if (body.errors?.length || !response.ok) throw new ApiError(response.status, body.errors ?? [{ message: body.message ?? body.error ?? 'no reason' }])
    return body.data
  }
}

/** Logs the box office in, and says whether the API knows it. */
export async function logIn () {
  const { authenticate } = await post('mutation LogIn($email: String!, $password: String!) { authenticate(input: {email: $email, password: $password}) { jwt } }', { email: EMAIL, password: PASSWORD })
  token = authenticate.jwt
  return Boolean(token)
}

/** Asks as the box office. */
export const ask = (query, variables = {}) => post(query, variables, `Bearer ${token}`)
