// The lab, seen from its pages.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, call, startLab, stopLab, tidyUp } from './helpers/lab.js'
import { blobs, put, queues, table, textOf } from './helpers/storage.js'
import { unique, waitFor } from './helpers/wait.js'

const picture = (name = 'frame-1.jpg', text = 'a picture') => ({ name, data: Buffer.from(text).toString('base64') })

describe('Lab', () => {
  let customer

  beforeAll(startLab)
  afterAll(stopLab)

  beforeEach(async () => {
    await tidyUp()
    customer = unique('vivian')
  })

  const take = (overrides = {}) => ask('POST', '/orders', { customer, format: '10x15', pictures: [picture()], ...overrides })

  it('takes an order and keeps its pictures', async () => {
    const { order, cents, status } = await take({ pictures: [picture(), picture('frame-2.jpg', 'another one')] })
    expect({ cents, status }).toEqual({ cents: 38, status: 'taken' })
    const kept = blobs.getContainerClient('pictures').getBlobClient(`${order}/frame-2.jpg`)
    expect(await textOf(kept)).toBe('another one')
    expect((await kept.getProperties()).metadata).toEqual({ customer })
  })

  it('notes an order where the office sees it', async () => {
    const { order } = await take({ format: '20x30' })
    const row = await table('orders').getEntity(customer, order)
    expect(row).toMatchObject({ format: '20x30', pieces: 1, cents: 249, status: 'taken' })
  })

  it('tells the printer of an order', async () => {
    const { order } = await take()
    const { peekedMessageItems } = await queues.getQueueClient('jobs').peekMessages({ numberOfMessages: 32 })
    expect(peekedMessageItems.map(({ messageText }) => JSON.parse(messageText))).toContainEqual({ customer, order })
  })

  it('takes no order without a picture', async () => {
    const refused = await call('POST', '/orders', { customer, format: '10x15', pictures: [] })
    expect(refused).toEqual({ status: 422, body: { error: 'an order has a picture at least' } })
    expect((await ask('GET', `/customers/${customer}/orders`)).count).toBe(0)
  })

  it('takes the prices of the office, also when they change', async () => {
    expect((await take({ format: 'panorama' })).cents).toBe(480)
    const office = blobs.getContainerClient('office')
    const { '10x15': small } = JSON.parse(await textOf(office.getBlobClient('prices.json')))
    await put(office, 'prices.json', JSON.stringify({ '10x15': small, '20x30': 249, panorama: 520 }))
    expect((await take({ format: 'panorama' })).cents).toBe(520)
  })

  it('lists the orders that are still to be printed', async () => {
    const first = await take()
    const second = await take({ format: '20x30' })
    await ask('POST', `/customers/${customer}/orders/${first.order}/cancel`)
    const { count, orders } = await ask('GET', `/customers/${customer}/orders?status=taken`)
    expect(count).toBe(1)
    expect(orders[0]).toMatchObject({ order: second.order, status: 'taken', cents: 249 })
  })

  it('writes a bill of all that was not cancelled', async () => {
    const orders = []
    for (const format of ['10x15', '20x30', 'panorama', '10x15', '20x30']) orders.push(await take({ format }))
    await ask('POST', `/customers/${customer}/orders/${orders[1].order}/cancel`)
    expect(await ask('GET', `/customers/${customer}/bill`)).toEqual({ orders: 4, cents: 767 })
  })

  it('prints what is next and cancels it no more', async () => {
    const { order } = await take()
    expect((await ask('POST', '/printer/next', { most: 1 }, 'printer')).printed).toEqual([order])
    expect(await textOf(blobs.getContainerClient('prints').getBlobClient(`${order}/frame-1.jpg`))).toBe('10x15\na picture')
    expect(await ask('GET', `/customers/${customer}/orders/${order}`)).toMatchObject({ status: 'printed' })
    const refused = await call('POST', `/customers/${customer}/orders/${order}/cancel`)
    expect(refused).toEqual({ status: 409, body: { error: 'it is printed already' } })
  })

  it('does not print what was cancelled', async () => {
    const { order } = await take()
    expect((await ask('POST', `/customers/${customer}/orders/${order}/cancel`)).status).toBe('cancelled')
    expect((await ask('POST', '/printer/next', { most: 5 }, 'printer')).printed).toEqual([])
    expect((await queues.getQueueClient('jobs').getProperties()).approximateMessagesCount).toBe(0)
  })

  it('prints everything in the background', async () => {
    const orders = [await take(), await take({ format: '20x30' }), await take({ format: 'panorama' })]
    expect(await ask('POST', '/printer/start', {}, 'printer')).toEqual({ started: true })
    await waitFor('the prints', async () => (await ask('GET', `/customers/${customer}/orders?status=printed`)).count === 3)
    const prints = await Promise.all(orders.map(({ order }) => textOf(blobs.getContainerClient('prints').getBlobClient(`${order}/frame-1.jpg`))))
    expect(prints.map(text => text.split('\n')[0])).toEqual(['10x15', '20x30', 'panorama'])
  })

  it('lets nobody but the printer print', async () => {
    await take()
    expect(await call('POST', '/printer/next', { most: 1 })).toEqual({ status: 403, body: { error: 'only for printer' } })
  })

  it('gives customers a way to their pictures', async () => {
    const { order } = await take({ pictures: [picture('frame-1.jpg', 'the cat')] })
    const { url, bytes } = await ask('GET', `/customers/${customer}/orders/${order}/pictures/frame-1.jpg/link`)
    expect(bytes).toBe(7)
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('the cat')
    expect((await call('GET', `/customers/somebody/orders/${order}/pictures/frame-1.jpg/link`)).status).toBe(404)
  })
})
