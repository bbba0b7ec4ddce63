// The desk's way to its database.
'use strict'

const { setTimeout: sleep } = require('node:timers/promises')

const COUCH = process.env.COUCH_URL ?? 'http://localhost:5984'
const TIMEOUT = Number(process.env.DESK_COUCH_TIMEOUT ?? 3000)

class CouchError extends Error {
  constructor (method, path, status, body) {
    super(`${method} ${path}: ${status} ${body?.reason ?? body?.error ?? ''}`)
    this.status = status
    this.body = body
  }
}

function basic (user, password) {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** The answer of the database; what is answered 503 is asked again, twice. */
async function couch (method, path, body, authorization = basic(process.env.COUCH_USER, process.env.COUCH_PASSWORD)) {
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(`${COUCH}/${path}`, {
      method,
      headers: { accept: 'application/json', authorization, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT)
    })
    const text = await response.text()
    if (response.status === 503 && attempt < 2) {
      await sleep(200 * (attempt + 1))
      continue
    }
    if (!response.ok) throw new CouchError(method, path, response.status, parsed(text))
    return JSON.parse(text)
  }
}

function parsed (text) {
  try {
    return JSON.parse(text)
  } catch {
    return { reason: text.slice(0, 200) }
  }
}

const asHead = () => basic('head', process.env.COUCH_ADMIN_PASSWORD)

module.exports = { couch, asHead, CouchError }
