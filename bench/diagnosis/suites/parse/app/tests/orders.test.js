const { Parse, APP, master, newArticle, newCustomer, newStaff, rest, restOk, unique, waitFor } = require('./helpers/shop.js')
const { rates } = require('./helpers/rates.js')

const place = (customer, order) => Parse.Cloud.run('placeOrder', { country: 'DE', ...order }, customer.as)
const stockOf = async article => (await restOk('GET', `/classes/Article/${article.id}?keys=stock`)).stock

describe('Orders', () => {
  let customer

  beforeEach(async () => {
    await rates('PUT', '/v1/tax/DE', { value: 19 })
    customer = await newCustomer()
  })

  it('cost goods, tax and shipping', async () => {
    const trowel = await newArticle()
    const bucket = await newArticle({ price: 899, grams: 800 })
    const order = await place(customer, { lines: [{ sku: trowel.get('sku'), quantity: 2 }, { sku: bucket.get('sku'), quantity: 1 }] })
    expect(order.get('status')).toBe('placed')
    expect(order.toJSON()).toMatchObject({ goods: 3399, tax: 646, shipping: 690, total: 4735 })
    const kept = await new Parse.Query('Order').get(order.id, customer.as)
    expect(kept.get('total')).toBe(4735)
    expect(kept.get('lines')).toHaveLength(2)
  })

  it('take from the stock, and give it back when they are cancelled', async () => {
    const article = await newArticle({ stock: 4 })
    const order = await place(customer, { lines: [{ sku: article.get('sku'), quantity: 3 }] })
    expect(await stockOf(article)).toBe(1)
    expect(await Parse.Cloud.run('cancelOrder', { order: order.id }, customer.as)).toEqual({ status: 'cancelled' })
    expect(await stockOf(article)).toBe(4)
    await Parse.Cloud.run('cancelOrder', { order: order.id }, customer.as)
    expect(await stockOf(article)).toBe(4)
  })

  it('are refused when an article is sold out', async () => {
    const many = await newArticle({ stock: 9 })
    const few = await newArticle({ stock: 1 })
    const lines = [{ sku: many.get('sku'), quantity: 2 }, { sku: few.get('sku'), quantity: 2 }]
    await expect(place(customer, { lines })).rejects.toThrow(`${few.get('sku')} is sold out`)
    expect(await stockOf(many)).toBe(9)
    expect(await stockOf(few)).toBe(1)
    expect(await new Parse.Query('Order').count(customer.as)).toBe(0)
  })

  it('are counted right when two buy at once', async () => {
    const article = await newArticle({ stock: 10 })
    const other = await newCustomer()
    const lines = [{ sku: article.get('sku'), quantity: 3 }]
    const orders = await Promise.all([place(customer, { lines }), place(other, { lines })])
    expect(orders[0].id).not.toBe(orders[1].id)
    expect(await stockOf(article)).toBe(4)
  })

  it('are seen by their customer and the staff only', async () => {
    const article = await newArticle()
    const other = await newCustomer()
    const staff = await newStaff()
    const order = await place(customer, { lines: [{ sku: article.get('sku'), quantity: 1 }] })
    const path = `/classes/Order/${order.id}`
    expect((await restOk('GET', path, { session: customer.as.sessionToken })).total).toBe(2078)
    expect(await rest('GET', path, { session: other.as.sessionToken })).toMatchObject({ status: 404, body: { code: 101, error: 'Object not found.' } })
    expect((await restOk('GET', '/classes/Order', { session: staff.as.sessionToken })).results.map(known => known.objectId)).toContain(order.id)
    await restOk('PUT', path, { session: customer.as.sessionToken, body: { note: 'Ring twice' } })
    expect((await restOk('GET', path, { session: customer.as.sessionToken })).note).toBe('Ring twice')
    const refused = await rest('PUT', path, { session: customer.as.sessionToken, body: { total: 1 } })
    expect(refused.body).toEqual({ code: 119, error: 'only the note of an order can be changed' })
  })

  it('are paid once, and give points', async () => {
    const article = await newArticle({ price: 2000 })
    const order = await place(customer, { lines: [{ sku: article.get('sku'), quantity: 1 }] })
    expect(await Parse.Cloud.run('payOrder', { order: order.id }, customer.as)).toEqual({ status: 'paid', points: 40 })
    await expect(Parse.Cloud.run('payOrder', { order: order.id }, customer.as)).rejects.toThrow('this order is paid')
    await customer.user.fetch(customer.as)
    expect(customer.user.get('points')).toBe(40)
  })

  it('leave a trail', async () => {
    const article = await newArticle()
    const staff = await newStaff()
    const order = await place(customer, { lines: [{ sku: article.get('sku'), quantity: 1 }] })
    await Parse.Cloud.run('payOrder', { order: order.id }, customer.as)
    const trail = await waitFor('both entries of the trail', async () => {
      const found = await new Parse.Query('Trail').equalTo('order', order).ascending('createdAt').find(staff.as)
      return found.length >= 2 && found
    })
    expect(trail.map(entry => entry.get('what'))).toEqual(['placed', 'paid'])
  })

  it('use up coupons', async () => {
    const article = await newArticle({ price: 1000 })
    const code = unique('SPRING')
    const until = new Date(Date.now() + 3600_000)
    const coupon = await new Parse.Object('Coupon').save({ code, percent: 20, left: 1, until }, master)
    const order = await place(customer, { lines: [{ sku: article.get('sku'), quantity: 2 }], coupon: code })
    expect(order.get('goods')).toBe(1600)
    await coupon.fetch(master)
    expect(coupon.get('left')).toBe(0)
    await expect(place(customer, { lines: [{ sku: article.get('sku'), quantity: 1 }], coupon: code })).rejects.toThrow(`coupon ${code} is used up`)
  })

  it('are told to who listens', async () => {
    const client = new Parse.LiveQueryClient({ applicationId: APP, serverURL: process.env.LIVE_URL ?? 'ws://localhost:1337/parse', javascriptKey: 'jk_9LxTf2', masterKey: 'mk_3WqYp7' })
    client.open()
    try {
      const article = await newArticle()
      const order = await place(customer, { lines: [{ sku: article.get('sku'), quantity: 1 }] })
      const subscription = client.subscribe(new Parse.Query('Order').equalTo('objectId', order.id), customer.as.sessionToken)
      await subscription.subscribePromise
      const heard = []
      subscription.on('update', updated => heard.push(updated.get('status')))
      await Parse.Cloud.run('payOrder', { order: order.id }, customer.as)
      await waitFor('the news of the payment', () => heard.includes('paid'))
      await Parse.Cloud.run('cancelOrder', { order: order.id }, customer.as)
      await waitFor('the news of the cancellation', () => heard.includes('cancelled'))
    } finally {
      await client.close()
    }
  })
})

describe('Quotes', () => {
  it('follow the rates of the day', async () => {
    await rates('PUT', '/v1/shipping/FR', { value: [790, 3] })
    const quote = { country: 'FR', grams: 2300 }
    expect(await Parse.Cloud.run('quote', quote)).toEqual({ country: 'FR', taxPercent: 20, shipping: 1090, days: 3 })
    await rates('PUT', '/v1/shipping/FR', { value: [840, 3] })
    expect(await Parse.Cloud.run('quote', quote)).toMatchObject({ shipping: 1140 })
  })
})
