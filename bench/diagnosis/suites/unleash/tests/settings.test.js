import http from 'node:http'
import { once } from 'node:events'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signIn } from './helpers/api.js'
import { Flags, PROJECT } from './helpers/flags.js'
import { unique, waitFor } from './helpers/wait.js'

let api

beforeAll(async () => { api = await signIn() })

describe('Context fields', () => {
  beforeEach(async () => {
    await api.post('/api/admin/context', {
      name: 'country', description: 'Where the user is', legalValues: [{ value: 'NO' }, { value: 'SE' }]
    })
  })

  afterEach(() => api.delete('/api/admin/context/country'))

  it('accept another legal value', async () => {
    await api.post('/api/admin/context/country/legal-values', { value: 'DK', description: 'Denmark' })
    const field = await api.get('/api/admin/context/country')
    expect(field.legalValues.map(({ value }) => value).sort()).toEqual(['DK', 'NO', 'SE'])
  })

  it('are listed after those that are built in', async () => {
    const fields = await api.get('/api/admin/context')
    expect(fields.map(({ name }) => name).sort()).toEqual(['appName', 'country', 'currentTime', 'environment', 'sessionId', 'userId'])
  })
})

describe('Tags', () => {
  let flags

  beforeEach(() => { flags = new Flags(api) })
  afterEach(() => flags.cleanUp())

  it('have a type and a color', async () => {
    const name = unique('team').slice(0, 12)
    await api.post('/api/admin/tag-types', { name, description: 'Who owns it', icon: 'T' })
    const { tagType } = await api.get(`/api/admin/tag-types/${name}`)
    expect(tagType).toMatchObject({ name, description: 'Who owns it', icon: 'T' })
    await api.delete(`/api/admin/tag-types/${name}`)
    await expect(api.get(`/api/admin/tag-types/${name}`)).rejects.toMatchObject({ status: 404 })
  })

  it('are put on a flag and taken off', async () => {
    const { name } = await flags.create()
    await api.post(`/api/admin/features/${name}/tags`, { type: 'simple', value: 'billing' })
    await api.put(`/api/admin/features/${name}/tags`, {
      addedTags: [{ type: 'simple', value: 'search' }], removedTags: [{ type: 'simple', value: 'billing' }]
    })
    const { tags } = await api.get(`/api/admin/features/${name}/tags`)
    expect(tags.map(({ value }) => value)).toEqual(['search'])
  })
})

describe('History', () => {
  let flags

  beforeEach(() => { flags = new Flags(api) })
  afterEach(() => flags.cleanUp())

  it('tells what was done to a flag, the latest first', async () => {
    const { name } = await flags.live()
    await flags.off(name)
    const { events, total } = await api.get(`/api/admin/search/events?feature=IS:${name}&limit=10`)
    expect(events.map(({ type }) => type)).toEqual([
      'feature-environment-disabled', 'feature-environment-enabled', 'feature-strategy-add', 'feature-created'
    ])
    expect(total).toBe(4)
    expect(events.every(({ createdBy }) => createdBy === 'admin')).toBe(true)
  })

  it('calls a webhook when a flag is switched on', async () => {
    const received = []
    const receiver = http.createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      received.push(JSON.parse(text))
      response.end()
    })
    receiver.listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const addon = await api.post('/api/admin/addons', {
      provider: 'webhook', description: unique('hook'), enabled: true, events: ['feature-environment-enabled'],
      parameters: { url: `http://127.0.0.1:${receiver.address().port}/hook` }
    })
    try {
      const { name } = await flags.live()
      const event = await waitFor('the webhook', () => received.find(({ featureName }) => featureName === name), { timeout: 10_000 })
      expect(event).toMatchObject({ type: 'feature-environment-enabled', environment: 'development', createdBy: 'admin' })
      const { integrationEvents } = await waitFor('the delivery to be noted', async () => {
        const answer = await api.get(`/api/admin/addons/${addon.id}/events`)
        return answer.integrationEvents.length > 0 && answer
      })
      expect(integrationEvents[0].state).toBe('success')
    } finally {
      await api.delete(`/api/admin/addons/${addon.id}`)
      receiver.close()
    }
  })
})

describe('Exports', () => {
  let flags

  beforeEach(() => { flags = new Flags(api) })
  afterEach(() => flags.cleanUp())

  it('bring flags into another environment', async () => {
    const { name } = await flags.live()
    const data = await api.post('/api/admin/features-batch/export', { features: [name], environment: 'development' })
    expect(data.features.map(feature => feature.name)).toEqual([name])
    await api.post('/api/admin/features-batch/import', { project: 'default', environment: 'production', data })
    const flag = await flags.read(name)
    const production = flag.environments.find(environment => environment.name === 'production')
    expect(production.enabled).toBe(true)
    expect(production.strategies).toHaveLength(1)
  })
})

describe('Maintenance', () => {
  afterEach(() => api.post('/api/admin/maintenance', { enabled: false }))

  it('refuses changes and still answers', async () => {
    await api.post('/api/admin/maintenance', { enabled: true })
    await waitFor('changes to be refused', async () => {
      const response = await fetch(`${process.env.UNLEASH_URL}${PROJECT}/features`, {
        method: 'POST', headers: { ...api.headers, 'content-type': 'application/json' }, body: JSON.stringify({ name: '' })
      })
      return response.status === 503
    })
    const { enabled } = await api.get('/api/admin/maintenance')
    expect(enabled).toBe(true)
    expect((await api.get('/api/admin/environments')).environments).toHaveLength(2)
  })
})
