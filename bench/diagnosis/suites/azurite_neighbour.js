// Another test of the same run, which does something to the shared storage while its neighbour is in the middle.
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'vitest'
import { blobs, put, queues, tables } from './helpers/storage.js'

const doing = {
  table: name => tables.createTable(name),
  receive: (queue, options) => queues.getQueueClient(queue).receiveMessages(options),
  put: (container, name, text) => put(blobs.getContainerClient(container), name, text)
}

describe('Neighbour', () => {
  it('does something else', async () => {
    const end = Date.now() + 15_000
    // The proxy makes the file when its neighbour is where it can be hit.
    while (!fs.existsSync(process.env.CASE_SIGNAL)) {
      if (Date.now() > end) throw new Error('the neighbour never came')
      await sleep(20)
    }
    for (const [what, ...values] of JSON.parse(process.env.CASE_NEIGHBOUR)) await doing[what](...values)
  })
})
