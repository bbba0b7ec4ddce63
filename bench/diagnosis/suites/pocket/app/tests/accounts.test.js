// Who is who, and who may what.
import { describe, expect, it } from 'vitest'
import { api, client, newGuest, newHut, office, PASSWORD, records, refused } from './helpers/base.js'

const guests = base => base.collection('guests')

describe('Accounts', () => {
  it('are made and used', async () => {
    const { base, email, id } = await newGuest({ name: 'Reinhold' })
    expect(base.authStore.isValid).toBe(true)
    expect(base.authStore.record).toMatchObject({ id, email, name: 'Reinhold', grade: 'member' })
  })

  it('are closed to who does not know the password', async () => {
    const { email } = await newGuest()
    const stranger = client()
    expect((await refused(guests(stranger).authWithPassword(email, 'guessed-it'))).status).toBe(400)
    expect(stranger.authStore.isValid).toBe(false)
  })

  it('need a password of some length', async () => {
    const short = guests(client()).create({ email: 'short@club.test', password: 'abc', passwordConfirm: 'abc', name: 'Short' })
    expect(await refused(short)).toEqual({ status: 400, password: 'validation_min_text_constraint' })
  })

  it('stay signed in when they ask again', async () => {
    const { base, id } = await newGuest()
    await guests(base).authRefresh()
    const { record } = await guests(base).authRefresh()
    expect(record.id).toBe(id)
    expect(base.authStore.isValid).toBe(true)
  })

  it('end all sessions when the password changes', async () => {
    const { base, email, id } = await newGuest()
    const phone = client()
    await guests(phone).authWithPassword(email, PASSWORD)
    await guests(base).update(id, { oldPassword: PASSWORD, password: 'two-ice-axes', passwordConfirm: 'two-ice-axes' })
    expect((await refused(guests(phone).authRefresh())).status).toBe(401)
    const { record } = await guests(base).authWithPassword(email, 'two-ice-axes')
    expect(record.id).toBe(id)
  })

  it('keep their address to themselves', async () => {
    const one = await newGuest({ name: 'Gerlinde' })
    const two = await newGuest()
    const seen = await guests(two.base).getOne(one.id)
    expect(seen.name).toBe('Gerlinde')
    expect(seen.email).toBeUndefined()
    expect((await guests(one.base).getOne(one.id)).email).toBe(one.email)
  })

  it('do not promote themselves', async () => {
    const { base, id } = await newGuest({ grade: 'guest' })
    expect((await refused(guests(base).update(id, { grade: 'member' }))).status).toBe(404)
    await guests(base).update(id, { name: 'Peter' })
    expect(await guests(base).getOne(id)).toMatchObject({ name: 'Peter', grade: 'guest' })
  })

  it('see their own bookings only', async () => {
    const desk = await office()
    const hut = await newHut(desk)
    const [one, two] = [await newGuest(), await newGuest()]
    for (const { id } of [one, two, two]) await desk.collection('bookings').create({ hut: hut.id, guest: id, night: '2026-08-14', beds: 1 })
    const seen = async base => (await base.collection('bookings').getFullList({ filter: `hut = '${hut.id}'` })).length
    expect([await seen(one.base), await seen(two.base), await seen(desk)]).toEqual([1, 2, 3])
  })

  it('ask for free beds only when they are signed in', async () => {
    const { token } = await newGuest()
    const hut = await newHut(await office(), { beds: 8 })
    const path = `/api/huts/${hut.slug}/free?night=2026-09-01`
    expect((await api('GET', path)).status).toBe(401)
    const { status, body } = await api('GET', path, { token })
    expect(status).toBe(200)
    expect(body).toEqual({ hut: hut.id, night: '2026-09-01', beds: 8, taken: 0, free: 8 })
  })

  it('are made once for each address', async () => {
    const { email } = await newGuest({ email: 'ueli@club.test', name: 'Ueli' })
    const again = await api('POST', records('guests'), { body: { email, password: PASSWORD, passwordConfirm: PASSWORD, name: 'Twin' } })
    expect(again.status).toBe(400)
    expect(again.body.data.email.code).toBe('validation_not_unique')
  })
})
