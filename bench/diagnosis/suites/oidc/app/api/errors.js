// What the loans answer when they refuse, or cannot.

export class Refusal extends Error {
  constructor (status, error, message = error) {
    super(message)
    Object.assign(this, { status, error })
  }
}

/** A service of ours has not done what it was asked. */
export class Upstream extends Error {
  constructor (service, status, body) {
    super(`${service} answered ${status}: ${JSON.stringify(body).slice(0, 300)}`)
    Object.assign(this, { service, upstreamStatus: status, body })
  }
}

export function onError (error, _request, response, _next) {
  if (error instanceof Refusal) return response.status(error.status).json({ error: error.error, message: error.message })
  if (error instanceof Upstream) return response.status(502).json({ error: 'bad_gateway', message: error.message })
  if (error.name === 'TimeoutError') return response.status(504).json({ error: 'gateway_timeout', message: error.message })
  if (error.status && error.expose) return response.status(error.status).json({ error: 'bad_request', message: error.message })
  const cause = error.cause ? `: ${error.cause.code ?? error.cause.message}` : ''
  return response.status(500).json({ error: 'internal', message: `${error.message}${cause}` })
}
