// What hikers report of the trails: the site's own requests, without any client.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { api, good, newGuest, newHut, office, records } from './helpers/base.js'

const reports = records('reports')
const query = values => `?${new URLSearchParams(values)}`

describe('Trail reports', () => {
  let base, author, hut, token

  beforeAll(async () => {
    base = await office()
  })

  beforeEach(async () => {
    author = await newGuest({ name: 'Lenz' })
    hut = await newHut(base)
    token = author.token
  })

  const report = (text, more = {}) => good('POST', reports, { token, body: { hut: hut.id, author: author.id, text, level: 'green', ...more } })

  test('are written by members and read by everybody', async () => {
    const { id } = await report('snow down to 1900 m', { level: 'yellow', km: 4.5 })
    const read = await good('GET', `${reports}/${id}`)
    expect(read).toMatchObject({ text: 'snow down to 1900 m', level: 'yellow', km: 4.5, author: author.id })
  })

  test('are not written by strangers', async () => {
    const { status } = await api('POST', reports, { body: { hut: hut.id, author: author.id, text: 'I was not there', level: 'green' } })
    expect(status).toBe(400)
    const { totalItems } = await good('GET', reports + query({ filter: `hut='${hut.id}'` }))
    expect(totalItems).toBe(0)
  })

  test('bring their hut and their author along', async () => {
    const { id } = await report('a new bridge')
    const { expand } = await good('GET', `${reports}/${id}${query({ expand: 'hut,author' })}`, { token })
    expect(expand.hut.slug).toBe(hut.slug)
    expect(expand.author.name).toBe('Lenz')
  })

  test('are listed, the longest way first', async () => {
    for (const km of [3, 11, 7]) await report(`${km} km of mud`, { km })
    const { items } = await good('GET', reports + query({ filter: `hut='${hut.id}'`, sort: '-km', fields: 'km,text' }))
    expect(items).toEqual([{ km: 11, text: '11 km of mud' }, { km: 7, text: '7 km of mud' }, { km: 3, text: '3 km of mud' }])
  })

  test('are corrected by who wrote them', async () => {
    const { id } = await report('the path is gone', { level: 'red' })
    const other = await newGuest({ name: 'Büchner' })
    expect((await api('PATCH', `${reports}/${id}`, { token: other.token, body: { level: 'green' } })).status).toBe(404)
    await good('PATCH', `${reports}/${id}`, { token, body: { level: 'yellow', text: 'the path is narrow' } })
    const { level, text } = await good('GET', `${reports}/${id}`)
    expect([level, text]).toEqual(['yellow', 'the path is narrow'])
  })

  test('are withdrawn', async () => {
    const { id } = await report('a bear!', { level: 'red' })
    expect((await api('DELETE', `${reports}/${id}`, { token })).status).toBe(204)
    expect((await api('GET', `${reports}/${id}`)).status).toBe(404)
    const { items } = await good('GET', reports + query({ filter: `hut='${hut.id}'` }))
    expect(items).toEqual([])
  })

  test('come several at once from a phone that was offline', async () => {
    const texts = ['day one', 'day two', 'day three']
    const requests = texts.map(text => ({ method: 'POST', url: reports, body: { hut: hut.id, author: author.id, text, level: 'green' } }))
    const answers = await good('POST', '/api/batch', { token, body: { requests } })
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const { items } = await good('GET', reports + query({ filter: `hut='${hut.id}'`, sort: 'created,text' }))
    expect(items.map(({ text }) => text).sort()).toEqual([...texts].sort())
  })

  test('come all or none', async () => {
    const one = (text, level) => ({ method: 'POST', url: reports, body: { hut: hut.id, author: author.id, text, level } })
    const { status, body } = await api('POST', '/api/batch', { token, body: { requests: [one('fine', 'green'), one('odd', 'purple')] } })
    expect(status).toBe(400)
    expect(body.data.requests[1].response.data.level.code).toBe('validation_invalid_value')
    expect((await good('GET', reports + query({ filter: `hut='${hut.id}'` }))).totalItems).toBe(0)
  })

  test('are found by their words, whatever is in them', async () => {
    await report("Hans said: 'mind the gap'")
    await report('no gap')
    const { items } = await good('GET', reports + query({ filter: `hut='${hut.id}' && text~'\\'mind'` }))
    expect(items).toHaveLength(1)
    expect(items[0].text).toBe("Hans said: 'mind the gap'")
  })

  test('are counted by their level', async () => {
    for (const level of ['green', 'red', 'green', 'yellow']) await report(`it is ${level}`, { level })
    const count = async level => (await good('GET', reports + query({ filter: `hut='${hut.id}' && level='${level}'`, perPage: 1 }))).totalItems
    expect(await Promise.all(['green', 'yellow', 'red'].map(count))).toEqual([2, 1, 1])
  })
})

describe('Tariffs', () => {
  test('are sent once and then said to be as they were', async () => {
    const first = await api('GET', '/api/tariffs')
    expect(first.body.cents).toEqual({ guest: 2600, member: 1400 })
    const tag = first.headers.get('etag')
    expect((await api('GET', '/api/tariffs', { headers: { 'if-none-match': tag } })).status).toBe(304)
    const base = await office()
    const { id } = await base.collection('tariffs').getFirstListItem("grade = 'guest'")
    await base.collection('tariffs').update(id, { cents: 2800 })
    const now = await api('GET', '/api/tariffs', { headers: { 'if-none-match': tag } })
    expect(now.status).toBe(200)
    expect(now.body.cents.guest).toBe(2800)
  })
})
