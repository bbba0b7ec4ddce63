import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Api, signIn } from './helpers/api.js'
import { application } from './helpers/edge.js'
import { Flags, issueToken } from './helpers/flags.js'
import { unique } from './helpers/wait.js'

describe('API tokens', () => {
  let api, flags

  beforeAll(async () => {
    api = await signIn()
    flags = new Flags(api)
  })

  afterEach(() => flags.cleanUp())

  it('lists a token with its environment and projects', async () => {
    const name = unique('reporting')
    const made = await issueToken(api, { tokenName: name, environment: 'production' })
    const { tokens } = await api.get('/api/admin/api-tokens')
    const token = tokens.find(({ tokenName }) => tokenName === name)
    expect(token).toMatchObject({ type: 'client', environment: 'production', projects: ['default'] })
    expect(token.secret).toBe(made.secret)
    await api.delete(`/api/admin/api-tokens/${encodeURIComponent(made.secret)}`)
  })

  it('opens only its own environment', async () => {
    const { name } = await flags.live()
    const development = await issueToken(api)
    const production = await issueToken(api, { environment: 'production' })
    const read = async token => {
      const { data } = await application(token.secret).get(`/api/client/features/${name}`)
      return data.enabled
    }
    expect(await read(development)).toBe(true)
    expect(await read(production)).toBe(false)
  })

  it('is listed no more once it is deleted', async () => {
    const token = await issueToken(api)
    const app = application(token.secret)
    expect((await app.get('/api/client/features')).status).toBe(200)
    await api.delete(`/api/admin/api-tokens/${encodeURIComponent(token.secret)}`)
    const { tokens } = await api.get('/api/admin/api-tokens')
    expect(tokens.map(({ secret }) => secret)).not.toContain(token.secret)
  })

  it('may be used for longer when its expiry is moved', async () => {
    const name = unique('contractor')
    const soon = new Date(Date.now() + 3600_000).toISOString()
    const later = new Date(Date.now() + 30 * 86400_000).toISOString()
    const token = await issueToken(api, { tokenName: name, expiresAt: soon })
    await api.put(`/api/admin/api-tokens/${encodeURIComponent(token.secret)}`, { expiresAt: later })
    const { tokens } = await api.get(`/api/admin/api-tokens/${name}`)
    expect(tokens[0].expiresAt).toBe(later)
  })

  it('of a frontend does not open the API of backends', async () => {
    const token = await issueToken(api, { type: 'frontend' })
    const app = application(token.secret)
    await expect(app.get('/api/client/features')).rejects.toThrow('403')
    const { data } = await app.get('/api/frontend')
    expect(data.toggles).toEqual([])
  })

  it('of a person acts in their name', async () => {
    const { secret, id } = await api.post('/api/admin/user/tokens', {
      description: unique('ci'), expiresAt: new Date(Date.now() + 86400_000).toISOString()
    })
    const ci = new Api({ authorization: secret })
    const { user } = await ci.get('/api/admin/user')
    expect(user.username).toBe('admin')
    const { pats } = await api.get('/api/admin/user/tokens')
    expect(pats.map(pat => pat.id)).toContain(id)
    await api.delete(`/api/admin/user/tokens/${id}`)
  })
})
