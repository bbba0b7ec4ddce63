// What the lab does with orders.
import { randomUUID } from 'node:crypto'
import { BlobSASPermissions, generateBlobSASQueryParameters } from '@azure/storage-blob'
import { odata } from '@azure/data-tables'
import { credential, jobs, orders, pictures, prints } from './storage.js'
import { price } from './prices.js'

const PAGE = 2
const refusal = (status, message) => Object.assign(new Error(message), { refusal: status })

const shown = ({ rowKey, partitionKey, format, pieces, cents, status }) => ({ order: rowKey, customer: partitionKey, format, pieces, cents, status })

/** Keeps the pictures, notes the order, and tells the printer. */
export async function take ({ customer, format, pictures: sent = [] }) {
  if (!sent.length) throw refusal(422, 'an order has a picture at least')
  const cents = await price(format, sent.length)
  const order = `order-${randomUUID().slice(0, 8)}`
  for (const { name, data } of sent) {
    const bytes = Buffer.from(data, 'base64')
    await pictures.getBlockBlobClient(`${order}/${name}`).upload(bytes, bytes.length, {
      blobHTTPHeaders: { blobContentType: 'image/jpeg' },
      metadata: { customer }
    })
  }
  const entity = { partitionKey: customer, rowKey: order, format, pieces: sent.length, cents, status: 'taken' }
  await orders.createEntity(entity)
  await jobs.sendMessage(JSON.stringify({ customer, order }))
  return shown(entity)
}

export async function show (customer, order) {
  return shown(await orders.getEntity(customer, order))
}

/** All orders of a customer, page by page, in the order of their numbers. */
async function all (customer, status) {
  const filter = status ? odata`PartitionKey eq ${customer} and status eq ${status}` : odata`PartitionKey eq ${customer}`
  const found = []
  for await (const page of orders.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: PAGE })) found.push(...page)
  return found
}

export async function list (customer, status) {
  const found = await all(customer, status)
  return { count: found.length, orders: found.map(shown) }
}

/** What a customer has to pay: what was cancelled costs nothing. */
export async function bill (customer) {
  const due = (await all(customer)).filter(({ status }) => status !== 'cancelled')
  return { orders: due.length, cents: due.reduce((sum, { cents }) => sum + cents, 0) }
}

/** Changes the state of an order; when somebody else was faster, looks again. */
async function change (customer, order, decide) {
  for (let attempt = 0; ; attempt += 1) {
    const entity = await orders.getEntity(customer, order)
    const status = decide(entity)
    try {
      await orders.updateEntity({ partitionKey: customer, rowKey: order, status }, 'Merge', { etag: entity.etag })
      return { ...shown(entity), status }
    } catch (error) {
      if (error.statusCode !== 412 || attempt >= 3) throw error
    }
  }
}

export const cancel = (customer, order) => change(customer, order, ({ status }) => {
  if (status === 'printed') throw refusal(409, 'it is printed already')
  return 'cancelled'
})

/** A way to a picture for a customer, for ten minutes. */
export async function link (customer, order, name) {
  const blob = pictures.getBlobClient(`${order}/${name}`)
  const { metadata, contentLength } = await blob.getProperties()
  if (metadata.customer !== customer) throw refusal(404, 'no such picture')
  const query = generateBlobSASQueryParameters({
    containerName: 'pictures',
    blobName: blob.name,
    permissions: BlobSASPermissions.parse('r'),
    expiresOn: new Date(Date.now() + 600_000)
  }, credential)
  return { url: `${blob.url}?${query}`, bytes: contentLength }
}

/** Prints the next orders, at most so many; what cannot be printed stays in the queue. */
export async function print (most = 1) {
  const { receivedMessageItems } = await jobs.receiveMessages({ numberOfMessages: most, visibilityTimeout: 20 })
  const printed = []
  for (const { messageId, popReceipt, messageText } of receivedMessageItems) {
    const { customer, order } = JSON.parse(messageText)
    const entity = await orders.getEntity(customer, order)
    if (entity.status === 'taken') {
      for await (const { name } of pictures.listBlobsFlat({ prefix: `${order}/` })) {
        const picture = await pictures.getBlobClient(name).downloadToBuffer()
        const sheet = Buffer.concat([Buffer.from(`${entity.format}\n`), picture])
        await prints.getBlockBlobClient(name).upload(sheet, sheet.length)
      }
      await change(customer, order, () => 'printed')
      printed.push(order)
    }
    await jobs.deleteMessage(messageId, popReceipt)
  }
  return { printed }
}

let busy = false

/** Prints all that waits, in the background, order by order. */
export function start () {
  if (busy) return { started: false }
  busy = true
  const run = async () => {
    while ((await jobs.peekMessages()).peekedMessageItems.length) await print()
  }
  run().catch(error => console.error(error.message)).finally(() => { busy = false })
  return { started: true }
}
