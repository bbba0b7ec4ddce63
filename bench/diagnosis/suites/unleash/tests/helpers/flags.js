import { unique } from './wait.js'

export const PROJECT = '/api/admin/projects/default'

/** Flags that a test makes, and takes away again afterwards. */
export class Flags {
  constructor (api) {
    this.api = api
    this.made = []
  }

  async create (overrides = {}) {
    const flag = await this.api.post(`${PROJECT}/features`, { name: unique('flag'), type: 'release', ...overrides })
    this.made.push(flag.name)
    return flag
  }

  read (name) {
    return this.api.get(`${PROJECT}/features/${name}`)
  }

  strategy (name, strategy = {}, environment = 'development') {
    return this.api.post(`${PROJECT}/features/${name}/environments/${environment}/strategies`, { name: 'default', ...strategy })
  }

  on (name, environment = 'development') {
    return this.api.post(`${PROJECT}/features/${name}/environments/${environment}/on`)
  }

  off (name, environment = 'development') {
    return this.api.post(`${PROJECT}/features/${name}/environments/${environment}/off`)
  }

  /** A flag that is on for everybody. */
  async live (overrides) {
    const flag = await this.create(overrides)
    await this.strategy(flag.name, { name: 'flexibleRollout', parameters: { rollout: '100', stickiness: 'default', groupId: flag.name } })
    await this.on(flag.name)
    return flag
  }

  archive (name) {
    return this.api.delete(`${PROJECT}/features/${name}`)
  }

  async cleanUp () {
    for (const name of this.made.splice(0)) await this.archive(name)
  }
}

/** A token for applications. */
export async function issueToken (api, overrides = {}) {
  return api.post('/api/admin/api-tokens', {
    tokenName: unique('app'), type: 'backend', environment: 'development', projects: ['default'], ...overrides
  })
}
