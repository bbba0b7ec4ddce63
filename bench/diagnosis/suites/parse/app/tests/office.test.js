const { Parse, master, newArticle, newCustomer, rest, restOk, waitFor } = require('./helpers/shop.js')

const PARTNER = process.env.PARTNER_URL ?? 'http://localhost:1337/parse'
const asMaster = { headers: { 'x-parse-master-key': process.env.PARSE_MASTER_KEY ?? 'mk_3WqYp7' } }

const place = (customer, article, quantity) =>
  Parse.Cloud.run('placeOrder', { country: 'DE', lines: [{ sku: article.get('sku'), quantity }] }, customer.as)

async function finished (id) {
  return waitFor(`job ${id} to end`, async () => {
    const { status, message } = await restOk('GET', `/classes/_JobStatus/${id}`, asMaster)
    return status !== 'running' && { status, message }
  })
}

describe('Jobs', () => {
  // Nobody else orders on this day: each job of the CI has a server of its own.
  it('report on the day', async () => {
    const customer = await newCustomer()
    const article = await newArticle({ price: 1000, grams: 100 })
    await place(customer, article, 1)
    const cancelled = await place(customer, article, 2)
    await Parse.Cloud.run('cancelOrder', { order: cancelled.id }, customer.as)
    const id = await Parse.Cloud.startJob('dailyReport', {})
    expect(await finished(id)).toEqual({ status: 'succeeded', message: '1 orders' })
    const report = await new Parse.Query('Report').equalTo('day', new Date().toISOString().slice(0, 10)).first(master)
    expect(report.get('orders')).toBe(1)
    expect(report.get('revenue')).toBe(1780)
  })

  it('import articles, and say which they refuse', async () => {
    const rows = [
      { sku: 'IM-301', name: 'Watering can', price: 1890, stock: 4, grams: 900 },
      { sku: 'im-302', name: 'Hose', price: 2490, stock: 2, grams: 2100 },
      { sku: 'IM-303', name: 'Sieve', price: -5, stock: 1, grams: 700 },
      { sku: 'IM-304', name: 'Twine', price: 250, stock: 60, grams: 80 }
    ]
    const id = await Parse.Cloud.startJob('importArticles', { rows })
    expect((await finished(id)).message).toBe('2 of 4 rows')
    const [report] = (await restOk('GET', `/classes/Report?where=${encodeURIComponent(JSON.stringify({ day: 'import' }))}`, asMaster)).results
    expect(report.refused).toEqual(['row 2: im-302 is no SKU', 'row 3: a price is not negative'])
    const imported = await new Parse.Query('Article').startsWith('sku', 'IM-').ascending('sku').select('sku', 'price').find()
    expect(imported.map(article => [article.get('sku'), article.get('price')])).toEqual([['IM-301', 1890], ['IM-304', 250]])
  })
})

describe('Settings', () => {
  it('make shipping free', async () => {
    await Parse.Config.save({ freeShippingFrom: 3000, banner: 'Spring!' })
    try {
      const customer = await newCustomer()
      const article = await newArticle({ price: 1500 })
      const small = await place(customer, article, 1)
      expect(small.get('shipping')).toBe(590)
      const large = await place(customer, article, 2)
      expect(large.get('shipping')).toBe(0)
      const config = await Parse.Config.get()
      expect(config.get('banner')).toBe('Spring!')
    } finally {
      await Parse.Config.save({ freeShippingFrom: 1_000_000, banner: '' })
    }
  })
})

describe('Partners', () => {
  let article

  beforeAll(async () => {
    article = await newArticle({ name: 'Wheelbarrow', price: 8900, stock: 7, tags: ['outlet'] })
  })

  it('read the prices, a page at a time', async () => {
    for (const name of ['Dibber', 'Cloche']) await newArticle({ name, tags: ['outlet'] })
    const where = encodeURIComponent('{"tags":{"$all":["outlet"]}}')
    const page = (limit, skip) => restOk('GET', `/classes/Article?where=${where}&order=-price,-name&limit=${limit}&skip=${skip}&count=1&keys=sku,name,price`, { base: PARTNER })
    const first = await page(2, 0)
    expect(first.count).toBe(3)
    const rest = await page(2, first.results.length)
    expect([...first.results, ...rest.results].map(({ name, price }) => `${name} ${price}`)).toEqual(['Wheelbarrow 8900', 'Dibber 1250', 'Cloche 1250'])
  })

  it('may read, and not write', async () => {
    const read = await restOk('GET', `/classes/Article/${article.id}`, { base: PARTNER })
    expect(read.priceText).toBe('89.00 EUR')
    const write = await rest('PUT', `/classes/Article/${article.id}`, { base: PARTNER, body: { price: 1 } })
    expect(write.status).toBe(400)
    expect(write.body.error).toMatch('Permission denied')
    const again = await restOk('GET', `/classes/Article/${article.id}`, { base: PARTNER })
    expect(again).toEqual(read)
  })
})
