import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { signIn } from './helpers/api.js'
import { Flags, PROJECT } from './helpers/flags.js'
import { unique } from './helpers/wait.js'

describe('Feature flags', () => {
  let api, flags

  beforeAll(async () => {
    api = await signIn()
    flags = new Flags(api)
  })

  afterEach(() => flags.cleanUp())

  it('creates a flag with what was asked for', async () => {
    const { name } = await flags.create({ description: 'New checkout', type: 'experiment', impressionData: true })
    const flag = await flags.read(name)
    expect(flag).toMatchObject({
      name, description: 'New checkout', type: 'experiment', impressionData: true, stale: false, archived: false
    })
    expect(flag.createdBy.name).toBe('admin')
    expect(flag.environments.map(environment => [environment.name, environment.enabled])).toEqual([
      ['development', false], ['production', false]
    ])
  })

  it('changes a flag by a JSON patch and keeps the rest', async () => {
    const { name } = await flags.create({ description: 'Old words' })
    await api.patch(`${PROJECT}/features/${name}`, [{ op: 'replace', path: '/description', value: 'New words' }])
    const flag = await flags.read(name)
    expect(flag.description).toBe('New words')
    expect(flag.type).toBe('release')
  })

  it('refuses a name that is taken', async () => {
    const { name } = await flags.create()
    await expect(api.post(`${PROJECT}/features`, { name, type: 'release' })).rejects.toMatchObject({ status: 409 })
    await api.post('/api/admin/features/validate', { name: unique('free') })
  })

  it('brings an archived flag back', async () => {
    const { name } = await flags.create()
    await flags.archive(name)
    const gone = await api.get(`/api/admin/search/features?query=${name}`)
    expect(gone.total).toBe(0)
    await api.post(`/api/admin/archive/revive/${name}`)
    const flag = await flags.read(name)
    expect(flag.archived).toBe(false)
  })

  it('clones a flag with its strategies', async () => {
    const { name } = await flags.create()
    await flags.strategy(name, { constraints: [{ contextName: 'appName', operator: 'IN', values: ['shop'] }] })
    const copy = unique('copy')
    flags.made.push(copy)
    await api.post(`${PROJECT}/features/${name}/clone`, { name: copy })
    const flag = await flags.read(copy)
    const development = flag.environments.find(environment => environment.name === 'development')
    expect(development.strategies).toHaveLength(1)
    expect(development.strategies[0].constraints[0].values).toEqual(['shop'])
  })

  it('switches many flags at once', async () => {
    const names = []
    for (let count = 0; count < 3; count += 1) {
      const { name } = await flags.create()
      await flags.strategy(name)
      names.push(name)
    }
    await api.post(`${PROJECT}/bulk_features/environments/development/on`, { features: names })
    const read = await Promise.all(names.map(name => flags.read(name)))
    expect(read.map(flag => flag.environments[0].enabled)).toEqual([true, true, true])
  })

  it('finds flags by their tag, page by page', async () => {
    const team = unique('team')
    const names = []
    await api.post('/api/admin/tags', { type: 'simple', value: team })
    for (let count = 0; count < 5; count += 1) names.push((await flags.create({ tags: [{ type: 'simple', value: team }] })).name)
    const found = []
    for (let offset = 0; ; offset += 2) {
      const page = await api.get(`/api/admin/search/features?tag=INCLUDE:simple:${team}&limit=2&offset=${offset}&sortBy=createdAt&sortOrder=asc`)
      found.push(...page.features.map(feature => feature.name))
      if (found.length >= page.total || page.features.length === 0) break
    }
    expect(found).toEqual(names)
  })

  it('depends on another flag', async () => {
    const parent = await flags.create()
    const child = await flags.create()
    await api.post(`${PROJECT}/features/${child.name}/dependencies`, { feature: parent.name })
    const flag = await flags.read(child.name)
    expect(flag.dependencies).toMatchObject([{ feature: parent.name, enabled: true }])
    await expect(flags.archive(parent.name)).rejects.toThrow('depend')
    await api.delete(`${PROJECT}/features/${child.name}/dependencies`)
  })
})
