// The books, and how they are found.
import assert from 'node:assert/strict'
import { as, startLoans, stopLoans } from './helpers/loans.js'
import { unique, waitFor } from './helpers/wait.js'

describe('Books', function () {
  let ida
  before(startLoans)
  after(stopLoans)
  beforeEach(async function () {
    ida = await as('ida')
  })

  it('are added by librarians and read by readers', async function () {
    const author = unique('Lem')
    const added = await ida.post('/books', { title: 'Solaris', author, year: 1961 })
    assert.equal(added.status, 201)
    const ada = await as('ada')
    const { data } = await ada.get(added.headers.location)
    assert.equal(data.title, 'Solaris')
    assert.equal(data.year, 1961)
    assert.equal(data.branch, 'north')
    const refused = await ada.post('/books', { title: 'Fiasko', author }, { validateStatus: null })
    assert.equal(refused.status, 403)
    assert.equal(refused.data.error, 'forbidden')
  })

  it('are changed by whoever knows the latest version', async function () {
    const added = await ida.post('/books', { title: 'Momo', author: unique('Ende') })
    const url = added.headers.location
    const first = await ida.patch(url, { year: 1973 }, { headers: { 'if-match': added.headers.etag } })
    assert.equal(first.headers.etag, '"v2"')
    const late = await ida.patch(url, { year: 1974 }, { headers: { 'if-match': added.headers.etag }, validateStatus: null })
    assert.equal(late.status, 412)
    const { data } = await ida.get(url)
    assert.equal(data.year, 1973)
    assert.equal(data.title, 'Momo')
  })

  it('are listed page by page, by title', async function () {
    const author = unique('Christie')
    const titles = ['Curtain', 'Nemesis', 'Sad Cypress', 'The Hollow', 'Third Girl']
    for (const title of [...titles].reverse()) await ida.post('/books', { title, author })
    const seen = []
    for (let page = 1; page;) {
      const { data } = await ida.get('/books', { params: { author, page, per_page: 2 } })
      assert.equal(data.total, 5)
      seen.push(...data.items.map(book => book.title))
      page = data.next
    }
    assert.deepEqual(seen, titles)
  })

  it('of one branch are not those of another', async function () {
    const author = unique('Mann')
    const added = await ida.post('/books', { title: 'Felix Krull', author })
    const kim = await as('kim')
    const hidden = await kim.get(added.headers.location, { validateStatus: null })
    assert.equal(hidden.status, 404)
    const { data } = await kim.get('/books', { params: { author } })
    assert.equal(data.total, 0)
    const { data: own } = await ida.get('/books', { params: { author } })
    assert.equal(own.total, 1)
  })

  it('are found by their words soon after', async function () {
    const word = unique('moor').replace('-', '')
    const { data: book } = await ida.post('/books', { title: `Das ${word}`, author: 'Droste' })
    const found = await waitFor('the index', async () => {
      const { data } = await ida.get('/search', { params: { q: `droste ${word}` } })
      return data.total > 0 && data
    })
    assert.deepEqual(found.items.map(item => item.id), [book.id])
  })

  it('are found no more once they are gone', async function () {
    const word = unique('weg').replace('-', '')
    const added = await ida.post('/books', { title: word, author: 'Kant' })
    const total = async () => (await ida.get('/search', { params: { q: word } })).data.total
    await waitFor('the index', async () => await total() === 1)
    assert.equal((await ida.delete(added.headers.location)).status, 204)
    await waitFor('the index without it', async () => await total() === 0)
    const gone = await ida.get(added.headers.location, { validateStatus: null })
    assert.equal(gone.status, 404)
  })

  it('have a cover', async function () {
    const added = await ida.post('/books', { title: 'Krabat', author: unique('Preussler') })
    const url = `${added.headers.location}/cover`
    const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(30_000, 7)])
    const none = await ida.get(url, { validateStatus: null })
    assert.equal(none.status, 404)
    const kept = await ida.put(url, picture, { headers: { 'content-type': 'image/png' } })
    assert.equal(kept.data.bytes, picture.length)
    const { data, headers } = await ida.get(url, { responseType: 'arraybuffer' })
    assert.equal(headers['content-type'], 'image/png')
    assert.ok(picture.equals(Buffer.from(data)))
  })
})
