// What the lab's team relies on where rows and messages are kept.
import { odata } from '@azure/data-tables'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { queues, refused, table, tables } from './helpers/storage.js'
import { unique, waitFor } from './helpers/wait.js'

describe('Chemicals', () => {
  let stock

  beforeEach(async () => {
    stock = table(unique('stock').replace('-', ''))
    await stock.createTable()
  })

  afterEach(async () => {
    await stock.deleteTable()
  })

  const add = (kind, name, litres, more = {}) => stock.createEntity({ partitionKey: kind, rowKey: name, litres, ...more })

  it('are kept with their kinds of values', async () => {
    const opened = new Date('2026-03-14T09:30:00.000Z')
    await add('developer', 'rodinal', 2, { opened, concentrated: true, note: 'one shot' })
    const { litres, opened: read, concentrated, note } = await stock.getEntity('developer', 'rodinal')
    expect({ litres, concentrated, note }).toEqual({ litres: 2, concentrated: true, note: 'one shot' })
    expect(read).toEqual(opened)
  })

  it('are there once only', async () => {
    await add('fixer', 'hypam', 5)
    expect(await refused(add('fixer', 'hypam', 6))).toEqual({ status: 409, code: 'EntityAlreadyExists' })
    expect((await stock.getEntity('fixer', 'hypam')).litres).toBe(5)
  })

  it('are merged or replaced', async () => {
    await add('developer', 'xtol', 4, { note: 'stock solution' })
    await stock.updateEntity({ partitionKey: 'developer', rowKey: 'xtol', litres: 3 }, 'Merge')
    expect(await stock.getEntity('developer', 'xtol')).toMatchObject({ litres: 3, note: 'stock solution' })
    await stock.updateEntity({ partitionKey: 'developer', rowKey: 'xtol', litres: 1 }, 'Replace')
    expect((await stock.getEntity('developer', 'xtol')).note).toBeUndefined()
  })

  it('are changed only by whoever knows the latest version', async () => {
    await add('toner', 'selenium', 3)
    const { etag } = await stock.getEntity('toner', 'selenium')
    const change = { partitionKey: 'toner', rowKey: 'selenium', litres: 2 }
    await stock.updateEntity(change, 'Merge', { etag })
    expect((await refused(stock.updateEntity({ ...change, litres: 1 }, 'Merge', { etag }))).status).toBe(412)
    expect((await stock.getEntity('toner', 'selenium')).litres).toBe(2)
  })

  it('are found by what is left of them', async () => {
    await add('developer', 'rodinal', 1)
    await add('developer', 'xtol', 4)
    await add('developer', 'hc110', 2)
    await add('fixer', 'hypam', 1)
    const found = []
    for await (const row of stock.listEntities({ queryOptions: { filter: odata`PartitionKey eq ${'developer'} and litres le ${2}` } })) found.push(row.rowKey)
    expect(found).toEqual(['hc110', 'rodinal'])
  })

  it('are listed page by page', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await add('developer', name, 1)
    const pages = []
    for await (const page of stock.listEntities().byPage({ maxPageSize: 2 })) pages.push(page.map(({ rowKey }) => rowKey).join(''))
    expect(pages).toEqual(['ab', 'cd', 'e'])
  })

  it('are used up together or not at all', async () => {
    await add('recipe', 'a', 3)
    await add('recipe', 'b', 3)
    const use = (rowKey, litres, etag) => ['update', { partitionKey: 'recipe', rowKey, litres }, 'Merge', etag && { etag }]
    await stock.submitTransaction([use('a', 2), use('b', 2)])
    expect((await refused(stock.submitTransaction([use('a', 1), ['create', { partitionKey: 'recipe', rowKey: 'b', litres: 1 }]]))).status).toBe(409)
    const left = await Promise.all(['a', 'b'].map(async name => (await stock.getEntity('recipe', name)).litres))
    expect(left).toEqual([2, 2])
  })

  it('are written off', async () => {
    await add('bleach', 'ferricyanide', 1)
    await stock.deleteEntity('bleach', 'ferricyanide')
    expect((await refused(stock.getEntity('bleach', 'ferricyanide'))).status).toBe(404)
    expect((await refused(stock.deleteEntity('bleach', 'ferricyanide'))).status).toBe(404)
  })

  it('have tables that are listed', async () => {
    const names = []
    for await (const { name } of tables.listTables()) names.push(name)
    expect(names).toEqual([stock.tableName])
  })
})

describe('Jobs', () => {
  let queue

  beforeEach(async () => {
    queue = queues.getQueueClient(unique('jobs'))
    await queue.create()
  })

  afterEach(async () => {
    await queue.deleteIfExists()
  })

  it('are done in their order and taken out', async () => {
    for (const text of ['develop', 'dry', 'cut']) await queue.sendMessage(text)
    const done = []
    for (let place = 0; place < 3; place += 1) {
      const { receivedMessageItems: [job] } = await queue.receiveMessages({ visibilityTimeout: 30 })
      done.push(job.messageText)
      await queue.deleteMessage(job.messageId, job.popReceipt)
    }
    expect(done).toEqual(['develop', 'dry', 'cut'])
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0)
  })

  it('are looked at without being taken', async () => {
    await queue.sendMessage('enlarge')
    const { peekedMessageItems: [seen] } = await queue.peekMessages()
    expect({ text: seen.messageText, count: seen.dequeueCount }).toEqual({ text: 'enlarge', count: 0 })
    expect((await queue.receiveMessages()).receivedMessageItems.length).toBe(1)
  })

  it('come back when nobody has finished them', async () => {
    await queue.sendMessage('wash')
    const { receivedMessageItems: [first] } = await queue.receiveMessages({ visibilityTimeout: 1 })
    expect((await queue.receiveMessages()).receivedMessageItems).toEqual([])
    const again = await waitFor('the job', async () => (await queue.receiveMessages({ visibilityTimeout: 30 })).receivedMessageItems[0], { timeout: 5000 })
    expect(again.messageId).toBe(first.messageId)
    expect(again.dequeueCount).toBe(2)
  })

  it('are changed while they are done', async () => {
    await queue.sendMessage('print 1 of 3')
    const { receivedMessageItems: [job] } = await queue.receiveMessages({ visibilityTimeout: 30 })
    const { popReceipt } = await queue.updateMessage(job.messageId, job.popReceipt, 'print 2 of 3', 0)
    expect(popReceipt).not.toBe(job.popReceipt)
    const { receivedMessageItems: [next] } = await queue.receiveMessages({ visibilityTimeout: 30 })
    expect(next.messageText).toBe('print 2 of 3')
    expect((await refused(queue.deleteMessage(job.messageId, job.popReceipt))).status).toBe(400)
  })

  it('are thrown away when the day is over', async () => {
    await Promise.all(['mount', 'frame', 'pack'].map(text => queue.sendMessage(text)))
    expect((await queue.getProperties()).approximateMessagesCount).toBe(3)
    await queue.clearMessages()
    expect((await queue.peekMessages({ numberOfMessages: 5 })).peekedMessageItems).toEqual([])
  })
})
