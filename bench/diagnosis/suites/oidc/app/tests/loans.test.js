// Who has which book.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import * as oidc from 'openid-client'
import { sign } from '../api/hooks.js'
import { client, OFFICE } from './helpers/login.js'
import { as, startLoans, stopLoans } from './helpers/loans.js'
import { unique, waitFor } from './helpers/wait.js'

const OFFICE_URL = process.env.OFFICE_URL ?? 'https://office.lib.test:5343'
const DAY = 86_400_000

describe('Loans', function () {
  let ida, ada, book
  before(startLoans)
  after(stopLoans)

  beforeEach(async function () {
    ida = await as('ida')
    ada = await as('ada')
    const { data } = await ida.post('/books', { title: 'Das kalte Herz', author: unique('Hauff'), kind: this.currentTest.title.includes('of a film') ? 'film' : 'book' })
    book = data.id
  })

  afterEach(async function () {
    const { data } = await ida.get('/loans', { params: { state: 'open', book } })
    for (const loan of data.items) await ida.post(`/loans/${loan.id}/return`, { at: loan.from })
  })

  it('are of one reader at a time', async function () {
    const answers = await Promise.all([ada, ida, ada].map(reader => reader.post('/loans', { book }, { validateStatus: null })))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409])
    const { data } = await ida.get('/loans', { params: { state: 'open', book } })
    assert.equal(data.total, 1)
  })

  it('are made once for the same key', async function () {
    const options = { headers: { 'idempotency-key': unique('loan') } }
    const { data: first } = await ada.post('/loans', { book }, options)
    const { data: second } = await ada.post('/loans', { book }, options)
    assert.equal(second.id, first.id)
    const { data } = await ada.get('/loans', { params: { book } })
    assert.equal(data.total, 1)
    assert.equal(data.items[0].title, 'Das kalte Herz')
  })

  it('are renewed twice and no more', async function () {
    const { data: loan } = await ada.post('/loans', { book })
    const renew = () => ada.post(`/loans/${loan.id}/renewals`, undefined, { validateStatus: null })
    assert.equal((await renew()).data.due, loan.due + 28 * DAY)
    assert.equal((await renew()).data.due, loan.due + 56 * DAY)
    const refused = await renew()
    assert.equal(refused.status, 409)
    assert.equal(refused.data.error, 'no_more_renewals')
  })

  it('are not shown to other readers', async function () {
    const { data: loan } = await ida.post('/loans', { book })
    const hidden = await ada.get(`/loans/${loan.id}`, { validateStatus: null })
    assert.equal(hidden.status, 404)
    assert.equal((await ada.get('/loans', { params: { book } })).data.total, 0)
    const { data } = await ida.get(`/loans/${loan.id}`)
    assert.equal(data.reader, 'ida')
  })

  it('are listed by their state', async function () {
    const { data: loan } = await ada.post('/loans', { book })
    const { data: open } = await ada.get('/loans', { params: { state: 'open', book } })
    assert.deepEqual(open.items.map(({ id }) => id), [loan.id])
    await ada.post(`/loans/${loan.id}/return`, {})
    const { data: after } = await ada.get('/loans', { params: { state: 'open', book } })
    assert.equal(after.total, 0)
    const { data: closed } = await ada.get('/loans', { params: { state: 'returned', book } })
    assert.equal(closed.total, 1)
  })

  it('cost something when the book is late', async function () {
    const { data: loan } = await ada.post('/loans', { book })
    const { data } = await ada.post(`/loans/${loan.id}/return`, { at: loan.due + 5 * DAY })
    assert.equal(data.fee_cents, 60)
    const again = await ada.post(`/loans/${loan.id}/return`, {}, { validateStatus: null })
    assert.equal(again.status, 409)
  })

  it('of a film cost more, but not without end', async function () {
    const { data: loan } = await ada.post('/loans', { book })
    const { data } = await ada.post(`/loans/${loan.id}/return`, { at: loan.due + 90 * DAY })
    assert.equal(data.fee_cents, 2500)
  })

  it('make way for who waits, who gets a mail', async function () {
    const { data: loan } = await ida.post('/loans', { book })
    const { data: place } = await ada.post(`/books/${book}/reservations`)
    assert.equal(place.place, 1)
    const refused = await ida.post(`/loans/${loan.id}/renewals`, undefined, { validateStatus: null })
    assert.equal(refused.data.error, 'reserved')
    await ida.post(`/loans/${loan.id}/return`, {})
    const { access_token: token } = await oidc.clientCredentialsGrant(await client('importer'), { scope: 'mail:send', resource: OFFICE })
    const mail = await waitFor('the mail', async () => {
      const response = await fetch(`${OFFICE_URL}/messages?to=ada@readers.test`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(4000) })
      assert.equal(response.status, 200, await response.clone().text())
      const { messages } = await response.json()
      return messages.find(message => message.book === book && message.state === 'sent')
    })
    assert.equal(mail.subject, 'Das kalte Herz is here')
  })

  it('are told to whoever has asked, signed, and again after an error', async function () {
    const secret = unique('secret')
    const heard = []
    const listener = http.createServer(async (request, response) => {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk)
      heard.push({ text: Buffer.concat(chunks).toString(), headers: request.headers })
      response.writeHead(heard.length === 1 ? 500 : 204).end()
    }).listen(0, '127.0.0.17')
    await once(listener, 'listening')
    const { data: hook } = await ida.post('/hooks', { url: `http://127.0.0.17:${listener.address().port}/loans`, secret, events: ['loan.created'] })
    try {
      const { data: loan } = await ada.post('/loans', { book })
      await waitFor('two deliveries', () => heard.length === 2)
      const [first, second] = heard
      assert.equal(second.text, first.text)
      assert.equal(second.headers['x-attempt'], '2')
      assert.equal(second.headers['x-signature'], sign(secret, second.text))
      assert.deepEqual(JSON.parse(second.text).data, { loan: loan.id, book, reader: 'ada' })
    } finally {
      await ida.delete(`/hooks/${hook.id}`)
      listener.close()
    }
  })
})
