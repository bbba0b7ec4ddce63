import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signIn } from './helpers/api.js'
import { Flags, PROJECT } from './helpers/flags.js'
import { unique } from './helpers/wait.js'

const ROLES = { admin: 1, editor: 2, viewer: 3 }
const PASSWORD = 'Correct-horse-7-staple'

describe('Users', () => {
  let api, flags
  const invited = []

  beforeAll(async () => {
    api = await signIn()
  })

  beforeEach(() => { flags = new Flags(api) })

  afterEach(() => flags.cleanUp())

  afterAll(async () => {
    for (const id of invited) await api.delete(`/api/admin/user-admin/${id}`)
  })

  async function invite (role) {
    const username = unique(role)
    const user = await api.post('/api/admin/user-admin', {
      username, email: `${username}@example.com`, name: `The ${role}`, password: PASSWORD, rootRole: ROLES[role], sendEmail: false
    })
    invited.push(user.id)
    return user
  }

  it('can be found after they were invited', async () => {
    const user = await invite('editor')
    const { users } = await api.get('/api/admin/user-admin')
    expect(users.find(({ id }) => id === user.id)).toMatchObject({ username: user.username, rootRole: ROLES.editor })
    const found = await api.get(`/api/admin/user-admin/search?q=${user.username}`)
    expect(found).toHaveLength(1)
  })

  it('who edit may create flags', async () => {
    const { username } = await invite('editor')
    const editor = await signIn(username, PASSWORD)
    const { name } = await flags.create()
    await editor.put(`${PROJECT}/features/${name}`, { description: 'by the editor', type: 'release' })
    const flag = await flags.read(name)
    expect(flag.description).toBe('by the editor')
    const own = await new Flags(editor).create()
    flags.made.push(own.name)
    expect((await flags.read(own.name)).createdBy.id).toBe(editor.user.id)
  })

  it('who view may not create flags', async () => {
    const { username } = await invite('viewer')
    const viewer = await signIn(username, PASSWORD)
    const { name } = await flags.create()
    expect((await viewer.get(`${PROJECT}/features/${name}`)).name).toBe(name)
    await expect(new Flags(viewer).create()).rejects.toMatchObject({ status: 403 })
  })

  it('get another role', async () => {
    const user = await invite('viewer')
    await api.put(`/api/admin/user-admin/${user.id}`, { name: 'Promoted', rootRole: ROLES.editor })
    const changed = await api.get(`/api/admin/user-admin/${user.id}`)
    expect(changed).toMatchObject({ name: 'Promoted', rootRole: ROLES.editor, email: user.email })
  })

  it('cannot sign in with their old password', async () => {
    const { id, username } = await invite('editor')
    await signIn(username, PASSWORD)
    await api.post(`/api/admin/user-admin/${id}/change-password`, { password: `${PASSWORD}-2`, confirmPassword: `${PASSWORD}-2` })
    await expect(signIn(username, PASSWORD)).rejects.toThrow('401')
    const again = await signIn(username, `${PASSWORD}-2`)
    expect((await again.get('/api/admin/user')).user.username).toBe(username)
  })
})
