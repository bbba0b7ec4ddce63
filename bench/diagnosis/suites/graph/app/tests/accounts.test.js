import { describe, expect, it } from 'vitest'
import { asChair, client, logIn, newPerson, refused } from './helpers/api.js'

describe('Accounts', () => {
  it('are registered, and say who they are', async () => {
    const ada = await newPerson('Ada')
    const { me } = await ada.as.request('query Me { me { id name email role } }')
    expect(me).toEqual({ id: ada.id, name: 'Ada', email: ada.email, role: 'attendee' })
    expect((await client().request('query Me { me { id } }')).me).toBeNull()
  })

  it('are refused with a wrong password', async () => {
    const ada = await newPerson('Ada')
    expect(await logIn(ada.email, 'Difference-1822')).toBeNull()
    expect(await logIn(ada.email, ada.password)).toMatch(/^ey/)
  })

  it('have an address of their own', async () => {
    const ada = await newPerson('Ada')
    const register = 'mutation Again($email: String!) { register(input: {email: $email, name: "Bab", password: "Difference-1822"}) { person { id } } }'
    const [error] = await refused(client().request(register, { email: ada.email }))
    expect(error.message).toContain('duplicate key')
    const { people } = await (await asChair()).request('query People($email: String!) { people(condition: {email: $email}) { nodes { name } } }', { email: ada.email })
    expect(people.nodes).toEqual([{ name: 'Ada' }])
  })

  it('change how they are called, and keep the rest', async () => {
    const ada = await newPerson('Ada')
    const change = 'mutation Rename($id: Int!, $patch: PersonPatch!) { updatePerson(input: {id: $id, patch: $patch}) { person { id } } }'
    await ada.as.request(change, { id: ada.id, patch: { name: 'Ada L.', company: 'Byron & Sons' } })
    await ada.as.request(change, { id: ada.id, patch: { name: 'Ada Lovelace' } })
    const { person } = await client().request('query Person($id: Int!) { person(id: $id) { name company email } }', { id: ada.id })
    expect(person).toEqual({ name: 'Ada Lovelace', company: 'Byron & Sons', email: ada.email })
  })

  it('stay as long as they have a talk', async () => {
    const chair = await asChair()
    const ada = await newPerson('Ada')
    const { createTalk } = await ada.as.request('mutation HandIn($id: Int!) { createTalk(input: {talk: {title: "On notes", speakerId: $id}}) { talk { id } } }', { id: ada.id })
    const leave = 'mutation Leave($id: Int!) { deletePerson(input: {id: $id}) { deletedPersonNodeId } }'
    const [error] = await refused(chair.request(leave, { id: ada.id }))
    expect(error.message).toContain('violates foreign key constraint')
    await chair.request('mutation Withdraw($id: Int!) { deleteTalk(input: {id: $id}) { deletedTalkNodeId } }', { id: createTalk.talk.id })
    await chair.request(leave, { id: ada.id })
    expect((await chair.request('query Person($id: Int!) { person(id: $id) { name } }', { id: ada.id })).person).toBeNull()
  })
})
