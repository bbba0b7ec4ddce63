// What the office does with its huts, with the client of the base.
import { beforeAll, describe, expect, it } from 'vitest'
import { client, file, newGuest, newHut, office, refused } from './helpers/base.js'
import { unique, waitFor } from './helpers/wait.js'

const picture = (text, name = 'north.txt') => new File([text], name, { type: 'text/plain' })

describe('Huts', () => {
  let base

  beforeAll(async () => {
    base = await office()
  })

  it('are kept with all that is known of them', async () => {
    const { id } = await newHut(base, { facilities: ['stove', 'radio'], contact: { phone: '+43 5512 1', channel: 7 } })
    const hut = await base.collection('huts').getOne(id)
    expect(hut).toMatchObject({ beds: 12, altitude: 2140, open: true, facilities: ['stove', 'radio'] })
    expect(hut.contact).toEqual({ phone: '+43 5512 1', channel: 7 })
  })

  it('have a short name that nobody else has', async () => {
    const { slug, region } = await newHut(base, { region: unique('region') })
    expect(await refused(newHut(base, { slug, region }))).toEqual({ status: 400, slug: 'validation_not_unique' })
    expect((await base.collection('huts').getList(1, 5, { filter: `region = '${region}'` })).totalItems).toBe(1)
  })

  it('are listed by altitude, page by page', async () => {
    const region = unique('region')
    for (const altitude of [1850, 2480, 1320, 2960, 2115]) await newHut(base, { region, altitude })
    const pages = []
    for (const page of [1, 2, 3]) {
      const { items, totalItems } = await base.collection('huts').getList(page, 2, { filter: `region = '${region}'`, sort: '-altitude' })
      expect(totalItems).toBe(5)
      pages.push(items.map(({ altitude }) => altitude))
    }
    expect(pages).toEqual([[2960, 2480], [2115, 1850], [1320]])
  })

  it('are found by what they have', async () => {
    const region = unique('region')
    await newHut(base, { name: 'Low', region, altitude: 1200, facilities: ['stove'] })
    await newHut(base, { name: 'High', region, altitude: 2900, facilities: ['stove', 'boot room'] })
    await newHut(base, { name: 'Cold', region, altitude: 3100, facilities: ['radio'] })
    const filter = base.filter("region = {:region} && altitude > 2000 && facilities ~ 'stove'", { region })
    const found = await base.collection('huts').getFullList({ filter })
    expect(found.map(({ name }) => name)).toEqual(['High'])
  })

  it('show only what was asked for', async () => {
    const { id } = await newHut(base, { name: 'Gaudeamus', beds: 54 })
    expect(await client().collection('huts').getOne(id, { fields: 'name,beds,open' })).toEqual({ name: 'Gaudeamus', beds: 54, open: true })
  })

  it('are changed in one place and stay as they are in others', async () => {
    const { id } = await newHut(base, { name: 'Falken', facilities: ['stove'] })
    await base.collection('huts').update(id, { beds: 20 })
    expect(await base.collection('huts').getOne(id)).toMatchObject({ name: 'Falken', beds: 20, facilities: ['stove'] })
    await base.collection('huts').update(id, { 'facilities+': 'shower', 'beds+': 2 })
    expect(await base.collection('huts').getOne(id)).toMatchObject({ beds: 22, facilities: ['stove', 'shower'] })
  })

  it('are torn down with everything that was said of them', async () => {
    const hut = await newHut(base)
    const report = await base.collection('reports').create({ hut: hut.id, text: 'the roof leaks', level: 'red' })
    expect(await base.collection('huts').delete(hut.id)).toBe(true)
    expect((await refused(base.collection('huts').getOne(hut.id))).status).toBe(404)
    expect((await refused(base.collection('reports').getOne(report.id))).status).toBe(404)
  })

  it('have photos that hikers see', async () => {
    const { id } = await newHut(base, { photos: [picture('the north face'), picture('the terrace', 'terrace.txt')] })
    const { photos } = await base.collection('huts').getOne(id)
    expect(photos).toHaveLength(2)
    const photo = await file(id, photos[1])
    expect(photo.type).toContain('text/plain')
    expect(photo.text).toBe('the terrace')
  })

  it('lose a photo that nobody wants to see', async () => {
    const hut = await newHut(base, { photos: [picture('fog'), picture('the lake', 'lake.txt')] })
    const [fog, lake] = hut.photos
    await base.collection('huts').update(hut.id, { 'photos-': fog })
    expect((await base.collection('huts').getOne(hut.id)).photos).toEqual([lake])
    expect((await file(hut.id, fog)).status).toBe(404)
    expect((await file(hut.id, lake)).text).toBe('the lake')
  })

  it('show their papers only to who has a pass for it', async () => {
    const hut = await newHut(base)
    const paper = await base.collection('papers').create({ hut: hut.id, scan: picture('lease until 2031', 'lease.txt') })
    expect((await file(paper.id, paper.scan, { of: 'papers' })).status).toBe(404)
    const pass = await base.files.getToken()
    const lease = await file(paper.id, paper.scan, { of: 'papers', pass })
    expect(lease.status).toBe(200)
    expect(lease.text).toBe('lease until 2031')
  })

  it('take no photo that is too large', async () => {
    const hut = await newHut(base)
    const large = base.collection('huts').update(hut.id, { 'photos+': picture('x'.repeat(80_000)) })
    expect(await refused(large)).toEqual({ status: 400, photos: 'validation_file_size_limit' })
    expect((await base.collection('huts').getOne(hut.id)).photos).toEqual([])
  })

  it('are opened by the office and by no guest', async () => {
    const guest = await newGuest()
    const hut = await newHut(base, { open: false })
    expect((await refused(guest.base.collection('huts').update(hut.id, { open: true }))).status).toBe(404)
    expect((await client().collection('huts').getOne(hut.id)).open).toBe(false)
    await base.collection('huts').update(hut.id, { open: true })
    expect((await client().collection('huts').getOne(hut.id)).open).toBe(true)
  })

  it('are closed in autumn, with all who only asked', async () => {
    const guest = await newGuest()
    const hut = await newHut(base)
    const asked = await guest.base.collection('bookings').create({ hut: hut.id, guest: guest.id, night: '2026-10-02', beds: 2 })
    expect(await base.send(`/api/huts/${hut.slug}/close`, { method: 'POST' })).toEqual({ slug: hut.slug, open: false, cancelled: 1 })
    expect((await guest.base.collection('bookings').getOne(asked.id)).status).toBe('cancelled')
    const late = guest.base.collection('bookings').create({ hut: hut.id, guest: guest.id, night: '2026-10-03', beds: 1 })
    expect(await refused(late)).toEqual({ status: 400, hut: 'hut_closed' })
  })

  it('can be added several at once', async () => {
    const region = unique('region')
    const made = await Promise.all([6, 14, 22, 30].map(beds => newHut(base, { region, beds })))
    const found = await base.collection('huts').getFullList({ filter: `region = '${region}'`, sort: 'beds' })
    expect(found.map(({ id }) => id)).toEqual(made.map(({ id }) => id))
    expect(found.reduce((sum, { beds }) => sum + beds, 0)).toBe(72)
  })

  it('appear in the list once they are built', async () => {
    const region = unique('region')
    await newHut(base, { region, name: 'New Prager' })
    const list = await waitFor('the hut', async () => {
      const { items } = await client().collection('huts').getList(1, 10, { filter: `region = '${region}'`, fields: 'name,region' })
      return items.length > 0 && items
    }, { timeout: 2500 })
    expect(list).toEqual([{ name: 'New Prager', region }])
  })
})
