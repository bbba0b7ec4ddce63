import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { signIn } from './helpers/api.js'
import { application } from './helpers/edge.js'
import { Flags, issueToken } from './helpers/flags.js'
import { startSdk, stopSdks } from './helpers/sdk.js'
import { unique, waitFor } from './helpers/wait.js'

describe('Applications', () => {
  let api, flags, token

  beforeAll(async () => {
    api = await signIn()
    flags = new Flags(api)
    token = (await issueToken(api)).secret
  })

  afterEach(async () => {
    stopSdks()
    await flags.cleanUp()
  })

  it('read a flag soon after it was switched on', async () => {
    const app = application(token)
    const { name } = await flags.live()
    const feature = await waitFor(`${name} to be served`, async () => {
      const { data } = await app.get('/api/client/features')
      return data.features.find(feature => feature.name === name && feature.enabled)
    })
    expect(feature.strategies[0].name).toBe('flexibleRollout')
    expect(feature.project).toBe('default')
  })

  it('are told that nothing has changed', async () => {
    const app = application(token)
    const first = await app.get('/api/client/features')
    const headers = { 'If-None-Match': first.headers.etag }
    const again = await app.get('/api/client/features', { headers, validateStatus: null })
    expect(again.status).toBe(304)
    await flags.live()
    await waitFor('another revision', async () => {
      const later = await app.get('/api/client/features', { headers, validateStatus: null })
      return later.status === 200 && later.data.meta.revisionId > first.data.meta.revisionId
    })
  })

  it('are counted by their metrics', async () => {
    const { name } = await flags.live()
    const app = application(token)
    const appName = unique('shop')
    const instanceId = 'pod-1'
    await app.post('/api/client/register', { appName, instanceId, strategies: ['default'], started: new Date(), interval: 1000 })
    await app.post('/api/client/metrics', {
      appName, instanceId, bucket: { start: new Date(Date.now() - 60_000), stop: new Date(), toggles: { [name]: { yes: 3, no: 1, variants: {} } } }
    })
    const usage = await waitFor('the metrics', async () => {
      const { lastHourUsage } = await api.get(`/api/admin/client-metrics/features/${name}`)
      return lastHourUsage.find(usage => usage.environment === 'development')
    }, { timeout: 14_000, interval: 500 })
    expect(usage).toMatchObject({ yes: 3, no: 1 })
  })

  it('ask the SDK', async () => {
    const { name } = await flags.live()
    const sdk = await startSdk(token)
    await waitFor('the SDK to know the flag', () => sdk.isEnabled(name, { userId: '7' }))
    expect(sdk.getFeatureToggleDefinition(name).type).toBe('release')
    expect(sdk.isEnabled('no-such-flag')).toBe(false)
  })

  it('hear from the SDK that a flag was switched off', async () => {
    const { name } = await flags.live()
    const sdk = await startSdk(token)
    await waitFor('the SDK to know the flag', () => sdk.isEnabled(name, { userId: '7' }))
    await flags.off(name)
    await waitFor('the SDK to see it off', () => !sdk.isEnabled(name, { userId: '7' }), { timeout: 6000 })
  })

  it('of browsers get what is on for their user', async () => {
    const { name } = await flags.create()
    await flags.strategy(name, {
      name: 'flexibleRollout',
      parameters: { rollout: '100', stickiness: 'default', groupId: name },
      constraints: [{ contextName: 'userId', operator: 'IN', values: ['7'] }],
      variants: [{ name: 'green', weight: 1000, weightType: 'variable', stickiness: 'default', payload: { type: 'string', value: '#0f0' } }]
    })
    await flags.on(name)
    const app = application((await issueToken(api, { type: 'frontend' })).secret)
    const toggle = await waitFor('the frontend API to serve it', async () => {
      const { data } = await app.get('/api/frontend', { params: { userId: '7' } })
      return data.toggles.find(toggle => toggle.name === name)
    })
    expect(toggle.variant).toMatchObject({ name: 'green', payload: { value: '#0f0' } })
    const { data } = await app.get('/api/frontend', { params: { userId: '8' } })
    expect(data.toggles).toEqual([])
  })
})
