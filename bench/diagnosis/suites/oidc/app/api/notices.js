// Mail to readers, sent in the background by the office, and again where that fails.
import { askOffice } from './upstream.js'

const INTERVAL = Number(process.env.NOTICES_INTERVAL ?? 300)
const TRIES = 3
const queue = []
export const failures = []

export const notify = mail => queue.push({ mail, tries: 0 })

async function send () {
  const entry = queue.shift()
  if (!entry) return
  entry.tries += 1
  try {
    await askOffice('/messages', entry.mail)
  } catch (error) {
    if (entry.tries < TRIES) queue.push(entry)
    else failures.push({ to: entry.mail.to, subject: entry.mail.subject, reason: error.message })
  }
}

const work = () => send().finally(() => setTimeout(work, INTERVAL).unref())
work()
