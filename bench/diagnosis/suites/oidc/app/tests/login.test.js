// People sign in at the library.
import assert from 'node:assert/strict'
import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { API, authorization, browse, client, LOGIN, request, signIn } from './helpers/login.js'
import { waitFor } from './helpers/wait.js'

describe('Log-in', function () {
  it('gives tokens for a code, and says who somebody is', async function () {
    const { config, tokens } = await signIn('ada', { scope: 'openid profile email', resource: null })
    const claims = tokens.claims()
    assert.equal(claims.sub, 'ada')
    assert.equal(claims.aud, 'reading-room')
    const user = await oidc.fetchUserInfo(config, tokens.access_token, 'ada')
    assert.equal(user.name, 'Ada Krug')
    assert.equal(user.email, 'ada@readers.test')
    assert.equal(user.branch, 'north')
  })

  it('knows nobody by another password', async function () {
    const config = await client()
    const { url } = await authorization(config, { scope: 'openid' })
    await assert.rejects(browse(url, { login: 'ben', password: 'Zettelkasten-9' }), error => {
      assert.equal(error.status, 422)
      assert.match(error.message, /wrong_password/)
      return true
    })
  })

  it('asks once, and no more while the session lasts', async function () {
    const config = await client()
    const first = await authorization(config, { scope: 'openid profile' })
    const { callback, cookies, asked } = await browse(first.url, { login: 'ada' })
    assert.deepEqual(asked, ['login', 'consent'])
    await oidc.authorizationCodeGrant(config, callback, { pkceCodeVerifier: first.verifier, expectedState: first.state })
    const second = await authorization(config, { scope: 'openid profile', prompt: 'none' })
    const again = await browse(second.url, { login: 'ada', cookies })
    assert.deepEqual(again.asked, [])
    assert.ok(again.callback.searchParams.get('code'))
  })

  it('takes a no for an answer', async function () {
    const config = await client()
    const { url, state } = await authorization(config, { scope: 'openid profile' })
    const { callback } = await browse(url, { login: 'ben', consent: 'no' })
    assert.equal(callback.searchParams.get('error'), 'access_denied')
    assert.equal(callback.searchParams.get('state'), state)
  })

  it('refreshes tokens, and takes each refresh token once', async function () {
    const { config, tokens } = await signIn('ada')
    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token, { resource: API })
    assert.notEqual(next.refresh_token, tokens.refresh_token)
    assert.equal(decodeJwt(next.access_token).sub, 'ada')
    assert.equal(decodeJwt(next.access_token).aud, API)
    await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token, { resource: API }), { error: 'invalid_grant' })
  })

  it('takes a token back', async function () {
    const { config, tokens } = await signIn('ben', { scope: 'openid profile', resource: null })
    const loans = await client('loans')
    const before = await oidc.tokenIntrospection(loans, tokens.access_token)
    assert.equal(before.active, true)
    assert.equal(before.sub, 'ben')
    assert.equal(before.client_id, 'reading-room')
    await oidc.tokenRevocation(config, tokens.access_token)
    const after = await oidc.tokenIntrospection(loans, tokens.access_token)
    assert.deepEqual(after, { active: false })
  })

  it('ends a session', async function () {
    const { config, tokens, cookies } = await signIn('ada')
    const url = oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: 'https://www.lib.test/' })
    const page = await (await request('GET', url, { cookies })).text()
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)[1]
    const ended = await request('POST', '/session/end/confirm', { form: { xsrf, logout: 'yes' }, cookies })
    assert.equal(ended.status, 303)
    assert.equal(ended.headers.get('location'), 'https://www.lib.test/')
    const { url: again } = await authorization(config, { scope: 'openid', prompt: 'none' })
    const { callback } = await browse(again, { login: 'ada', cookies })
    assert.equal(callback.searchParams.get('error'), 'login_required')
  })

  it('lets a kiosk in by a code that is typed elsewhere', async function () {
    const config = await client('kiosk')
    const device = await oidc.initiateDeviceAuthorization(config, { scope: 'openid profile' })
    const cookies = new Map()
    const page = await (await request('GET', device.verification_uri_complete, { cookies })).text()
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)[1]
    const confirmed = await request('POST', '/device', { form: { xsrf, user_code: device.user_code, confirm: 'yes' }, cookies })
    assert.equal(confirmed.status, 303)
    const ask = () => request('POST', '/token', { form: { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: device.device_code, client_id: 'kiosk' } })
    const early = await ask()
    assert.equal((await early.json()).error, 'authorization_pending')
    // The last page of the way is no page of ours: what is there says that it is done.
    await finish(new URL(confirmed.headers.get('location'), LOGIN), cookies)
    const tokens = await waitFor('the tokens of the kiosk', async () => {
      const answer = await ask()
      return answer.status === 200 && answer.json()
    })
    assert.equal(tokens.token_type, 'Bearer')
    const { sub } = await oidc.fetchUserInfo(config, tokens.access_token, 'kim')
    assert.equal(sub, 'kim')
  })

  async function finish (url, cookies) {
    let next = url
    for (let step = 0; step < 8; step += 1) {
      let response = await request('GET', next, { cookies })
      if (response.status === 200 && response.headers.get('content-type').includes('html')) return response.text()
      if (response.status === 200) {
        const { uid, prompt } = await response.json()
        response = await request('POST', `/interaction/${uid}`, { form: prompt === 'login' ? { login: 'kim', password: 'Signatur-4' } : { consent: 'yes' }, cookies })
      }
      next = new URL(response.headers.get('location'), LOGIN)
    }
    return assert.fail('the way of the device has no end')
  }
})
