// Who has which book, until when, and what it costs to bring it back late.
import { randomUUID } from 'node:crypto'
import { books, findBook } from './books.js'
import { Refusal } from './errors.js'
import { tell } from './hooks.js'
import { notify } from './notices.js'
import { askOffice } from './upstream.js'

const DAY = 86_400_000
const DAYS = 28
const RENEWALS = 2
const loans = new Map()
const answered = new Map()
const reservations = new Map()

const current = bookId => [...loans.values()].find(loan => loan.book === bookId && !loan.returned)

/** The same key is the same loan, however often it comes. */
export async function lend (user, { book: bookId, from = Date.now() }, key) {
  if (key && answered.has(key)) return answered.get(key)
  const book = findBook(bookId, user)
  if (current(bookId)) throw new Refusal(409, 'lent', 'somebody has the book')
  const loan = { id: randomUUID(), book: bookId, title: book.title, reader: user.id, from, due: from + DAYS * DAY, renewals: 0, returned: null }
  loans.set(loan.id, loan)
  if (key) answered.set(key, loan)
  tell('loan.created', { loan: loan.id, book: bookId, reader: user.id })
  return loan
}

export function findLoan (id, user) {
  const loan = loans.get(id)
  if (!loan || (user.role === 'reader' && loan.reader !== user.id)) throw new Refusal(404, 'not_found', `there is no loan ${id}`)
  return loan
}

export function listLoans (user, { state, book }) {
  const items = [...loans.values()]
    .filter(loan => user.role !== 'reader' || loan.reader === user.id)
    .filter(loan => book === undefined || loan.book === book)
    .filter(loan => state === undefined || (state === 'open') === (loan.returned === null))
  return { items, total: items.length }
}

export function renew (id, user) {
  const loan = findLoan(id, user)
  if (loan.renewals >= RENEWALS) throw new Refusal(409, 'no_more_renewals', `a loan is renewed no more than ${RENEWALS} times`)
  if (reservations.get(loan.book)?.length) throw new Refusal(409, 'reserved', 'somebody waits for the book')
  loan.renewals += 1
  loan.due += DAYS * DAY
  return loan
}

export function reserve (bookId, user) {
  const book = findBook(bookId, user)
  const waiting = reservations.get(bookId) ?? []
  reservations.set(bookId, [...waiting, user.id])
  return { book: book.id, place: waiting.length + 1 }
}

/** Takes a book back, and tells who is the next to have it. */
export async function giveBack (id, user, { at = Date.now() } = {}) {
  const loan = findLoan(id, user)
  if (loan.returned) throw new Refusal(409, 'returned', 'it is back already')
  const fee = await reckonFee(loan, at)
  loan.returned = at
  const [next, ...others] = reservations.get(loan.book) ?? []
  reservations.set(loan.book, others)
  if (next) notify({ to: `${next}@readers.test`, subject: `${loan.title} is here`, book: loan.book })
  return { ...loan, fee_cents: fee }
}

export async function reckonFee (loan, at) {
  const days = Math.ceil((at - loan.due) / DAY)
  if (days <= 0) return 0
  const tariff = await askOffice(`/tariffs/${books.get(loan.book)?.kind ?? 'book'}`)
  return Math.min(Math.max(days - tariff.free_days, 0) * tariff.daily_cents, tariff.most_cents)
}
