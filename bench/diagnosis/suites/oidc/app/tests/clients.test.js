// Machines and apps that are clients of the log-in.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as oidc from 'openid-client'
import { API, authorization, browse, client, LOGIN, OFFICE, request, signIn } from './helpers/login.js'
import { as, startLoans, stopLoans, withToken } from './helpers/loans.js'
import { unique, waitFor } from './helpers/wait.js'

describe('Clients', function () {
  const initial = { authorization: 'Bearer initial-Fernleihe8' }

  it('register, change and leave', async function () {
    const name = unique('Reading circle')
    const answer = await request('POST', '/reg', { json: { client_name: name, redirect_uris: ['https://circle.test/callback'] }, headers: initial })
    assert.equal(answer.status, 201)
    const made = await answer.json()
    assert.equal(made.client_name, name)
    const own = { authorization: `Bearer ${made.registration_access_token}` }
    const { registration_access_token: _token, registration_client_uri: _uri, client_id_issued_at: _at, client_secret_expires_at: _until, ...settings } = made
    const changed = await request('PUT', `/reg/${made.client_id}`, { json: { ...settings, redirect_uris: ['https://circle.test/callback', 'https://circle.test/again'] }, headers: own })
    assert.equal(changed.status, 200)
    const known = await (await request('GET', `/reg/${made.client_id}`, { headers: own })).json()
    assert.deepEqual(known.redirect_uris, ['https://circle.test/callback', 'https://circle.test/again'])
    assert.equal((await request('DELETE', `/reg/${made.client_id}`, { headers: own })).status, 204)
    assert.equal((await request('GET', `/reg/${made.client_id}`, { headers: own })).status, 401)
  })

  it('are not registered by strangers', async function () {
    const answer = await request('POST', '/reg', { json: { redirect_uris: ['https://stranger.test/callback'] }, headers: { authorization: 'Bearer initial-guess' } })
    assert.equal(answer.status, 401)
    assert.equal((await answer.json()).error, 'invalid_token')
  })

  it('get tokens of their own, with no more than their scopes', async function () {
    const config = await client('importer')
    const tokens = await oidc.clientCredentialsGrant(config, { scope: 'books:write', resource: API })
    assert.equal(tokens.scope, 'books:write')
    assert.equal(decodeJwt(tokens.access_token).client_id, 'importer')
    await assert.rejects(oidc.clientCredentialsGrant(config, { scope: 'tariffs:read', resource: OFFICE }), { error: 'invalid_scope' })
  })

  it('find what they need in the description of the log-in', async function () {
    const description = await (await request('GET', '/.well-known/openid-configuration')).json()
    assert.equal(description.issuer, LOGIN)
    assert.deepEqual(description.code_challenge_methods_supported, ['S256'])
    for (const scope of ['openid', 'offline_access', 'profile', 'loans']) assert.ok(description.scopes_supported.includes(scope), scope)
    const { keys } = await (await request('GET', new URL(description.jwks_uri).pathname)).json()
    assert.equal(keys.length, 1)
    assert.equal(keys[0].kty, 'RSA')
  })

  describe('of the loans', function () {
    before(startLoans)
    after(stopLoans)

    it('are known by old and new keys', async function () {
      const { tokens } = await signIn('ida')
      const old = withToken(tokens.access_token)
      assert.equal((await old.get('/me')).data.id, 'ida')
      const rotated = await request('POST', '/operator/keys', { headers: { authorization: 'Bearer operator-Magazin9' } })
      assert.equal(rotated.status, 201)
      const { kid } = await rotated.json()
      const { tokens: fresh } = await signIn('kim')
      assert.equal(decodeProtectedHeader(fresh.access_token).kid, kid)
      assert.equal((await withToken(fresh.access_token).get('/me')).data.id, 'kim')
      assert.equal((await old.get('/me')).data.id, 'ida')
    })

    it('are let out when their token has ended', async function () {
      const terminal = await as('ada', { name: 'terminal', scope: 'openid books:read loans' })
      assert.equal((await terminal.get('/me')).data.role, 'reader')
      const refused = await waitFor('the end of the token', async () => {
        const answer = await terminal.get('/me', { validateStatus: null })
        return answer.status === 401 && answer.data
      }, { timeout: 8000, interval: 500 })
      assert.equal(refused.error, 'invalid_token')
      assert.match(refused.message, /exp/)
    })

    it('import many books at once', async function () {
      const author = unique('Verne')
      const config = await client('importer')
      const tokens = await oidc.clientCredentialsGrant(config, { scope: 'books:read books:write', resource: API })
      const importer = withToken(tokens.access_token)
      const books = [{ title: 'Mathias Sandorf', author, branch: 'south' }, { title: 'Without an author', branch: 'south' }, { title: 'Robur', author, branch: 'north' }]
      const { status, data } = await importer.post('/books/import', { books })
      assert.equal(status, 207)
      assert.deepEqual(data.results.map(result => result.status), [201, 422, 201])
      assert.equal((await importer.get('/books', { params: { author } })).data.total, 2)
      const kim = await as('kim')
      const { items } = (await kim.get('/books', { params: { author } })).data
      assert.deepEqual(items.map(book => book.title), ['Mathias Sandorf'])
    })

    it('keep a session in a cookie for longer than a token lasts', async function () {
      const config = await client('pages')
      const { url, verifier } = await authorization(config, { scope: 'openid profile offline_access books:read loans', resource: API, prompt: 'consent' })
      const { callback } = await browse(url, { login: 'ben' })
      const pages = withToken(null)
      const opened = await pages.post('/sessions', { code: callback.searchParams.get('code'), code_verifier: verifier })
      assert.equal(opened.status, 201)
      const cookie = opened.headers['set-cookie'][0].split(';')[0]
      const me = async () => (await pages.get('/me', { headers: { cookie } })).data.id
      assert.equal(await me(), 'ben')
      // Twice over the end of a token.
      for (let round = 0; round < 2; round += 1) {
        await sleep(2300)
        assert.equal(await me(), 'ben')
      }
      assert.equal((await pages.delete('/sessions/current', { headers: { cookie } })).status, 204)
      assert.equal((await pages.get('/me', { headers: { cookie }, validateStatus: null })).status, 401)
    })

    it('of kiosks see the books by a token that says nothing by itself', async function () {
      const { config, tokens } = await signIn('ben', { scope: 'openid profile', resource: null })
      const kiosk = withToken(tokens.access_token)
      assert.equal((await kiosk.get('/me')).data.branch, 'south')
      assert.ok(Array.isArray((await kiosk.get('/books')).data.items))
      await oidc.tokenRevocation(config, tokens.access_token)
      const refused = await kiosk.get('/books', { validateStatus: null })
      assert.equal(refused.status, 401)
    })
  })
})
