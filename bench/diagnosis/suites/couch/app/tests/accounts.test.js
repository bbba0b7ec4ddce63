// Who may do what with the database.
'use strict'

const assert = require('node:assert/strict')
const { open, connect, request } = require('./helpers/couch.js')
const { unique } = require('./helpers/wait.js')

describe('Accounts', function () {
  const users = open('_users', 'head')
  let name
  const password = 'Torpedo-3-Gang'

  beforeEach(async function () {
    name = unique('eve')
    await users.insert({ _id: `org.couchdb.user:${name}`, type: 'user', name, roles: ['workshop'], password })
  })

  afterEach(async function () {
    const user = await users.get(`org.couchdb.user:${name}`)
    await users.destroy(user._id, user._rev)
  })

  /** The cookie of a new session. */
  async function signIn (secret = password) {
    const answer = await request('POST', '/_session', { body: { name, password: secret } })
    assert.equal(answer.status, 200, await answer.clone().text())
    return answer.headers.get('set-cookie').split(';')[0]
  }

  it('sign in, and are known by their cookie', async function () {
    const cookie = await signIn()
    const session = await (await request('GET', '/_session', { cookie })).json()
    assert.deepEqual(session.userCtx, { name, roles: ['workshop'] })
    const answer = await request('GET', '/repairs/_all_docs?limit=1', { cookie })
    assert.equal(answer.status, 200)
    const { rows } = await answer.json()
    assert.ok(Array.isArray(rows))
  })

  it('are refused with another password', async function () {
    const answer = await request('POST', '/_session', { body: { name, password: 'Torpedo-2-Gang' } })
    assert.equal(answer.status, 401)
    assert.equal((await answer.json()).error, 'unauthorized')
  })

  it('see a database once they have its role', async function () {
    const database = unique('wheels')
    const head = connect('head')
    await head.db.create(database)
    try {
      await request('PUT', `/${database}/_security`, { user: 'head', body: { members: { names: [], roles: ['wheelwright'] }, admins: { names: [], roles: ['head'] } } })
      const before = await request('GET', `/${database}/_all_docs`, { user: name, password })
      assert.equal(before.status, 401)
      const user = await users.get(`org.couchdb.user:${name}`)
      await users.insert({ ...user, roles: [...user.roles, 'wheelwright'] }, user._id)
      const after = await request('GET', `/${database}/_all_docs`, { user: name, password })
      assert.equal(after.status, 200)
      assert.equal((await after.json()).total_rows, 0)
    } finally {
      await head.db.destroy(database)
    }
  })

  it('get another password', async function () {
    const cookie = await signIn()
    const own = await (await request('GET', `/_users/org.couchdb.user:${name}`, { cookie })).json()
    assert.deepEqual(own.roles, ['workshop'])
    const changed = await request('PUT', `/_users/org.couchdb.user:${name}`, { cookie, body: { ...own, password: 'Duomatic-2' } })
    assert.equal(changed.status, 201)
    await signIn('Duomatic-2')
    const refused = await request('POST', '/_session', { body: { name, password } })
    assert.equal(refused.status, 401)
  })
})
