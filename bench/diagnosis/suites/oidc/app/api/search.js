// The index of words, which a worker brings up to date now and then.
import { books } from './books.js'

const INTERVAL = Number(process.env.INDEX_INTERVAL ?? 400)
const queue = new Set()
const index = new Map()

export const enqueue = id => queue.add(id)

const words = text => text.toLowerCase().split(/\W+/).filter(Boolean)

function bringUpToDate () {
  for (const id of queue) {
    queue.delete(id)
    const book = books.get(id)
    if (book) index.set(id, { branch: book.branch, words: new Set([...words(book.title), ...words(book.author)]) })
    else index.delete(id)
  }
}

export function search (query, user) {
  const wanted = words(query ?? '')
  const items = [...index]
    .filter(([, entry]) => entry.branch === user.branch && wanted.every(word => entry.words.has(word)))
    .map(([id]) => books.get(id) ?? { id, title: null })
  return { items, total: items.length, waiting: queue.size }
}

setInterval(bringUpToDate, INTERVAL).unref()
