// The books of the branches, and their covers.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import os from 'node:os'
import { Refusal } from './errors.js'
import { enqueue } from './search.js'

const COVERS = process.env.COVERS_FOLDER ?? os.tmpdir()
const PAGE = 20
export const books = new Map()

export function addBook ({ title, author, kind = 'book', year }, branch) {
  if (!title || !author) throw new Refusal(422, 'invalid_book', 'a book has a title and an author')
  const book = { id: randomUUID(), title, author, kind, year, branch, version: 1, created: Date.now() }
  books.set(book.id, book)
  enqueue(book.id)
  return book
}

/** The book, if whoever asks may see it. */
export function findBook (id, user) {
  const book = books.get(id)
  if (!book || (user.branch && book.branch !== user.branch)) throw new Refusal(404, 'not_found', `there is no book ${id}`)
  return book
}

export function changeBook (id, user, changes, tag) {
  const book = findBook(id, user)
  if (tag === undefined) throw new Refusal(428, 'precondition_required', 'say which version you know')
  if (tag !== etag(book)) throw new Refusal(412, 'precondition_failed', `the book is at version ${book.version}`)
  const changed = { ...book, ...changes, id, branch: book.branch, version: book.version + 1 }
  books.set(id, changed)
  enqueue(id)
  return changed
}

export const etag = book => `"v${book.version}"`

export function removeBook (id, user) {
  findBook(id, user)
  books.delete(id)
  enqueue(id)
}

export function listBooks ({ author, kind, page = 1, per_page: perPage = PAGE }, user) {
  const found = [...books.values()]
    .filter(book => !user.branch || book.branch === user.branch)
    .filter(book => (author === undefined || book.author === author) && (kind === undefined || book.kind === kind))
    .sort((one, other) => one.title.localeCompare(other.title))
  const begin = (Number(page) - 1) * Number(perPage)
  const items = found.slice(begin, begin + Number(perPage))
  return { items, total: found.length, page: Number(page), next: begin + items.length < found.length ? Number(page) + 1 : null }
}

/** Adds many at once; one that is wrong does not keep out the others. */
export function importBooks (rows, branch) {
  return rows.map((row, line) => {
    try {
      return { line, status: 201, id: addBook(row, row.branch ?? branch).id }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { line, status: error.status, error: error.error }
    }
  })
}

const coverPath = id => `${COVERS}/cover-${id}.png`

export async function keepCover (id, user, bytes) {
  findBook(id, user)
  if (!bytes.length) throw new Refusal(422, 'empty_cover', 'a cover has bytes')
  await fs.writeFile(coverPath(id), bytes)
  return { bytes: bytes.length }
}

export async function readCover (id, user) {
  findBook(id, user)
  return fs.readFile(coverPath(id)).catch(error => {
    if (error.code === 'ENOENT') throw new Refusal(404, 'not_found', 'there is no cover')
    throw error
  })
}
