// The shop as its tests see it: Parse's SDK, and plain calls where an application has no SDK.
const { randomInt, randomUUID } = require('node:crypto')
const Parse = require('parse/node')

const URL = process.env.PARSE_URL ?? 'http://localhost:1337/parse'
const APP = process.env.PARSE_APP ?? 'garden-shop'
const PASSWORD = 'Rake&Hoe7!'
const TIMEOUT_MS = Number(process.env.SHOP_TIMEOUT_MS ?? 5000)

Parse.initialize(APP, process.env.PARSE_JS_KEY ?? 'jk_9LxTf2', process.env.PARSE_MASTER_KEY ?? 'mk_3WqYp7')
Parse.serverURL = URL
// One try, as the team wants to see what goes wrong; some tests set more.
Parse.CoreManager.set('REQUEST_ATTEMPT_LIMIT', Number(process.env.PARSE_ATTEMPTS ?? 1))

const master = { useMasterKey: true }
const unique = prefix => `${prefix}-${randomUUID().slice(0, 8)}`
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

/** A new customer, with a session. */
async function newCustomer (fields = {}) {
  const user = new Parse.User()
  await user.signUp({ username: unique('customer'), password: PASSWORD, ...fields })
  return { user, as: { sessionToken: user.getSessionToken() } }
}

/** A new member of the staff, with a session. */
async function newStaff () {
  const { user, as } = await newCustomer({ username: unique('staff') })
  await Parse.Cloud.run('hire', { username: user.getUsername() }, master)
  return { user, as }
}

/** An article that is for sale. */
function newArticle (fields = {}) {
  const number = randomInt(100_000, 1_000_000)
  return new Parse.Object('Article').save({ sku: `TE-${number}`, name: `Trowel ${number}`, price: 1250, stock: 10, grams: 400, ...fields }, master)
}

/** A plain call, with the key of applications without SDK. */
async function rest (method, path, { body, session, base = URL, headers = {} } = {}) {
  const response = await fetch(base + path, {
    method,
    headers: {
      'x-parse-application-id': APP,
      'x-parse-rest-api-key': process.env.PARSE_REST_KEY ?? 'rk_4NvBc8',
      ...(session && { 'x-parse-session-token': session }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS)
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** The same, for calls that are to succeed. */
async function restOk (method, path, options) {
  const { status, headers, body } = await rest(method, path, options)
  if (status >= 400) throw new Error(`${method} ${path} answered ${status}: ${body.error ?? JSON.stringify(body)}`)
  return Object.assign(body, { location: headers.get('location') })
}

/** Asks again until `check` gives something, at most for `timeout` milliseconds. */
async function waitFor (what, check, { timeout = 6000, interval = 200 } = {}) {
  const end = Date.now() + timeout
  for (;;) {
    const found = await check()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain for ${what}`)
    await sleep(interval)
  }
}

module.exports = { Parse, URL, APP, PASSWORD, master, unique, sleep, newCustomer, newStaff, newArticle, rest, restOk, waitFor }
