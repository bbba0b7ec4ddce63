// The loans of the library: what its pages, its readers' apps and its machines ask for.
import express from 'express'
import { allow, closeSession, identify, openSession } from './auth.js'
import { addBook, changeBook, etag, findBook, importBooks, keepCover, listBooks, readCover, removeBook } from './books.js'
import { onError } from './errors.js'
import { subscribe, unsubscribe } from './hooks.js'
import { findLoan, giveBack, lend, listLoans, renew, reserve } from './loans.js'
import { failures } from './notices.js'
import { search } from './search.js'

const HOST = process.env.LOANS_HOST ?? '127.0.0.16'
const PORT = Number(process.env.LOANS_PORT ?? 8100)
const app = express()

app.use(express.json())
app.post('/sessions', async (request, response) => {
  const { id, expiresIn } = await openSession(request.body)
  response.status(201).set('set-cookie', `session=${id}; HttpOnly; Path=/`).json({ expires_in: expiresIn })
})
app.use(identify)

app.get('/me', ({ user }, response) => response.json(user))
app.delete('/sessions/current', (request, response) => {
  closeSession(/session=([^;]+)/.exec(request.headers.cookie)[1])
  response.status(204).end()
})

app.post('/books', allow('books:write', 'librarian'), ({ body, user }, response) => {
  const book = addBook(body, user.branch)
  response.status(201).location(`/books/${book.id}`).set('etag', etag(book)).json(book)
})
app.post('/books/import', allow('books:write', 'librarian', 'machine'), ({ body, user }, response) => response.status(207).json({ results: importBooks(body.books, user.branch) }))
app.get('/books', allow('books:read'), ({ query, user }, response) => response.json(listBooks(query, user)))
app.get('/books/:id', allow('books:read'), ({ params, user }, response) => {
  const book = findBook(params.id, user)
  response.set('etag', etag(book)).json(book)
})
app.patch('/books/:id', allow('books:write', 'librarian'), ({ params, user, body, headers }, response) => {
  const book = changeBook(params.id, user, body, headers['if-match'])
  response.set('etag', etag(book)).json(book)
})
app.delete('/books/:id', allow('books:write', 'librarian'), ({ params, user }, response) => {
  removeBook(params.id, user)
  response.status(204).end()
})
app.put('/books/:id/cover', allow('books:write', 'librarian'), express.raw({ type: 'image/png', limit: '1mb' }), async ({ params, user, body }, response) => {
  response.json(await keepCover(params.id, user, body))
})
app.get('/books/:id/cover', allow('books:read'), async ({ params, user }, response) => {
  response.type('image/png').send(await readCover(params.id, user))
})
app.post('/books/:id/reservations', allow('loans'), ({ params, user }, response) => response.status(201).json(reserve(params.id, user)))
app.get('/search', allow('books:read'), ({ query, user }, response) => response.json(search(query.q, user)))

app.post('/loans', allow('loans'), async ({ body, user, headers }, response) => response.status(201).json(await lend(user, body, headers['idempotency-key'])))
app.get('/loans', allow('loans'), ({ query, user }, response) => response.json(listLoans(user, query)))
app.get('/loans/:id', allow('loans'), ({ params, user }, response) => response.json(findLoan(params.id, user)))
app.post('/loans/:id/renewals', allow('loans'), ({ params, user }, response) => response.json(renew(params.id, user)))
app.post('/loans/:id/return', allow('loans'), async ({ params, user, body }, response) => response.json(await giveBack(params.id, user, body)))

app.get('/notices/failures', allow('loans', 'librarian'), (_request, response) => response.json({ items: failures }))
app.post('/hooks', allow('loans', 'librarian'), ({ body, user }, response) => response.status(201).json(subscribe(body, user)))
app.delete('/hooks/:id', allow('loans', 'librarian'), ({ params }, response) => {
  unsubscribe(params.id)
  response.status(204).end()
})

app.use(onError)
app.listen(PORT, HOST, error => {
  if (error) throw error
  console.log(`the loans are open at ${HOST}:${PORT}`)
})
process.on('SIGTERM', () => process.exit(0))
