import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { signIn } from './helpers/api.js'
import { Flags, PROJECT } from './helpers/flags.js'
import { unique } from './helpers/wait.js'

const rollout = (percentage, more) => ({
  name: 'flexibleRollout', parameters: { rollout: String(percentage), stickiness: 'userId', groupId: 'checkout' }, ...more
})

describe('Activation strategies', () => {
  let api, flags

  beforeAll(async () => {
    api = await signIn()
    flags = new Flags(api)
  })

  afterEach(() => flags.cleanUp())

  async function evaluate (name, context) {
    const answer = await api.post('/api/admin/playground', {
      environment: 'development', projects: ['default'], context: { appName: 'shop', ...context }
    })
    return answer.features.find(feature => feature.name === name)
  }

  it('keeps the order that was set', async () => {
    const { name } = await flags.create()
    const first = await flags.strategy(name, rollout(10))
    const second = await flags.strategy(name, rollout(50))
    const path = `${PROJECT}/features/${name}/environments/development/strategies`
    await api.post(`${path}/set-sort-order`, [{ id: second.id, sortOrder: 0 }, { id: first.id, sortOrder: 1 }])
    const strategies = await api.get(path)
    expect(strategies.map(strategy => strategy.parameters.rollout)).toEqual(['50', '10'])
  })

  it('lets only some countries see a flag', async () => {
    const { name } = await flags.create()
    await flags.strategy(name, rollout(100, { constraints: [{ contextName: 'country', operator: 'IN', values: ['NO', 'SE'] }] }))
    await flags.on(name)
    expect((await evaluate(name, { userId: '7', country: 'NO' })).isEnabled).toBe(true)
    expect((await evaluate(name, { userId: '7', country: 'DK' })).isEnabled).toBe(false)
  })

  it('replaces a strategy and leaves its neighbour alone', async () => {
    const { name } = await flags.create()
    const kept = await flags.strategy(name, rollout(25))
    const changed = await flags.strategy(name, rollout(50))
    const path = `${PROJECT}/features/${name}/environments/development/strategies`
    await api.put(`${path}/${changed.id}`, rollout(75, { title: 'three of four' }))
    expect((await api.get(`${path}/${changed.id}`)).parameters.rollout).toBe('75')
    expect((await api.get(`${path}/${kept.id}`)).parameters.rollout).toBe('25')
  })

  it('spreads users over variants by weight', async () => {
    const { name } = await flags.create()
    const variant = (title, weight, weightType) => ({ name: title, weight, weightType, stickiness: 'userId', payload: { type: 'string', value: title } })
    await flags.strategy(name, rollout(100, { variants: [variant('blue', 300, 'fix'), variant('green', 700, 'variable')] }))
    await flags.on(name)
    const counts = { blue: 0, green: 0 }
    for (let user = 0; user < 20; user += 1) {
      const { variant } = await evaluate(name, { userId: String(user) })
      counts[variant.name] += 1
    }
    expect(counts.blue + counts.green).toBe(20)
    expect(counts.green).toBeGreaterThan(counts.blue)
  })
})

describe('Segments', () => {
  let api, flags, segment

  beforeAll(async () => {
    api = await signIn()
    flags = new Flags(api)
    segment = await api.post('/api/admin/segments', {
      name: unique('beta'), description: 'Who tries things first',
      constraints: [{ contextName: 'userId', operator: 'IN', values: ['7', '8'] }]
    })
    return () => api.delete(`/api/admin/segments/${segment.id}`)
  })

  afterEach(() => flags.cleanUp())

  it('says which strategies use a segment', async () => {
    const { name } = await flags.create()
    const strategy = await flags.strategy(name, { ...rollout(100), segments: [segment.id] })
    const { strategies } = await api.get(`/api/admin/segments/${segment.id}/strategies`)
    expect(strategies.map(({ id, featureName }) => ({ id, featureName }))).toEqual([{ id: strategy.id, featureName: name }])
  })

  it('is not deleted while it is in use', async () => {
    const { name } = await flags.create()
    await flags.strategy(name, { ...rollout(100), segments: [segment.id] })
    await expect(api.delete(`/api/admin/segments/${segment.id}`)).rejects.toMatchObject({ status: 409 })
    const { segments } = await api.get('/api/admin/segments')
    expect(segments.find(({ id }) => id === segment.id)).toMatchObject({ usedInFeatures: 1, usedInProjects: 1 })
  })
})
