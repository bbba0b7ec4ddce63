// The database as the tests use it.
'use strict'

const nano = require('nano')
const { Agent } = require('undici')
const { setTimeout: sleep } = require('node:timers/promises')

const COUCH = process.env.COUCH_URL ?? 'http://localhost:5984'
const TIMEOUT = Number(process.env.COUCH_TIMEOUT ?? 4000)
const RETRIES = Number(process.env.COUCH_RETRIES ?? 2)
const PASSWORDS = { head: 'Rohloff-14', tests: 'tests-Sturmey3', insurer: 'insurer-Sturmey3' }

const agent = new Agent({ headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT, connect: { timeout: 2000 } })

/** nano with the account of somebody. */
function connect (name = 'tests', password = process.env[`COUCH_PASSWORD_${name.toUpperCase()}`] ?? PASSWORDS[name]) {
  const url = new URL(COUCH)
  url.username = name
  url.password = password
  return nano({ url: url.href, agentOptions: agent })
}

/** The deployment restarts now and then: what is answered 503 is asked again. */
async function patient (ask) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (error.statusCode !== 503 || attempt >= RETRIES) throw error
      await sleep(250 * (attempt + 1))
    }
  }
}

/** A database whose calls are patient. */
function open (name, account) {
  const db = connect(account).use(name)
  const calls = ['insert', 'get', 'bulk', 'find', 'list', 'view', 'fetch', 'destroy', 'createIndex', 'changes', 'info', 'compact']
  return Object.assign({}, db, Object.fromEntries(calls.map(call => [call, (...values) => patient(() => db[call](...values))])))
}

/** An answer of the database to a plain request. */
async function request (method, path, { user, password, cookie, body, base = COUCH } = {}) {
  const authorization = user && `Basic ${Buffer.from(`${user}:${password ?? PASSWORDS[user]}`).toString('base64')}`
  return fetch(base + path, {
    method,
    headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }), ...(user && { authorization }), ...(cookie && { cookie }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT)
  })
}

module.exports = { COUCH, connect, open, patient, request }
