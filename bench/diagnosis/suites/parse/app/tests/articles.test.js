const { Parse, URL, master, newCustomer, newStaff, rest, restOk } = require('./helpers/shop.js')

const skus = articles => articles.map(article => article.get('sku'))

describe('Articles', () => {
  let made

  beforeEach(async () => {
    made = await Parse.Object.saveAll([
      ['SE-201', 'Sunflower seeds', 390, 40, ['seeds', 'summer']],
      ['SE-202', 'Poppy seeds', 290, 0, ['seeds', 'summer']],
      ['SE-203', 'Cornflower seeds', 340, 12, ['seeds', 'meadow']],
      ['TO-204', 'Hand rake', 1490, 5, ['tools']],
      ['TO-205', 'Spade', 3990, 3, ['tools', 'steel', 'tools']]
    ].map(([sku, name, price, stock, tags]) => new Parse.Object('Article', { sku, name, price, stock, tags, grams: 100 })), master)
  })

  afterEach(async () => {
    await Parse.Object.destroyAll(made, master)
  })

  it('are found by tag, the cheapest first', async () => {
    const found = await new Parse.Query('Article').containsAll('tags', ['seeds']).greaterThan('stock', 0).ascending('price').find()
    expect(skus(found)).toEqual(['SE-203', 'SE-201'])
    expect(found[0].get('priceText')).toBe('3.40 EUR')
    expect(await new Parse.Query('Article').equalTo('state', 'sold-out').count()).toBe(1)
  })

  it('are searched page by page', async () => {
    const first = await Parse.Cloud.run('search', { text: 'seeds', size: 2 })
    expect(first).toMatchObject({ page: 1, pages: 2, count: 3 })
    const second = await Parse.Cloud.run('search', { text: 'seeds', size: 2, page: 2 })
    const all = [...first.articles, ...second.articles]
    expect(all.map(article => article.name)).toEqual(['Poppy seeds', 'Cornflower seeds', 'Sunflower seeds'])
    await expect(Parse.Cloud.run('search', { size: 51 })).rejects.toThrow('at most 50 a page')
  })

  it('are saved many at once, and what is wrong is refused', async () => {
    const results = await restOk('POST', '/batch', {
      headers: { 'x-parse-master-key': 'mk_3WqYp7' },
      body: {
        requests: [
          { method: 'PUT', path: `/parse/classes/Article/${made[0].id}`, body: { price: 350 } },
          { method: 'PUT', path: `/parse/classes/Article/${made[1].id}`, body: { price: -1 } },
          { method: 'PUT', path: `/parse/classes/Article/${made[3].id}`, body: { stock: { __op: 'Increment', amount: -5 } } }
        ]
      }
    })
    expect(results.map(result => Object.keys(result)[0])).toEqual(['success', 'error', 'success'])
    expect(results[1].error).toEqual({ code: 142, error: 'a price is not negative' })
    expect(results[2].success.stock).toBe(0)
    const rake = await restOk('GET', `/classes/Article/${made[3].id}`)
    expect(rake).toMatchObject({ stock: 0, state: 'sold-out', price: 1490 })
    const seeds = await restOk('GET', `/classes/Article/${made[1].id}`)
    expect(seeds.price).toBe(290)
  })

  it('are restocked by the staff', async () => {
    const staff = await newStaff()
    const customer = await newCustomer()
    await expect(Parse.Cloud.run('restock', { sku: 'SE-202', pieces: 24 }, customer.as)).rejects.toThrow('Validation failed')
    expect(await Parse.Cloud.run('restock', { sku: 'SE-202', pieces: 24 }, staff.as)).toEqual({ sku: 'SE-202', stock: 24 })
    const poppy = await new Parse.Query('Article').equalTo('sku', 'SE-202').first()
    expect(poppy.get('state')).toBe('available')
    expect(poppy.get('stock')).toBe(24)
  })

  it('have a maker with prizes', async () => {
    const maker = await new Parse.Object('Maker').save({ name: 'Krumpholz', country: 'DE' }, master)
    const prizes = await Parse.Object.saveAll([new Parse.Object('Prize', { title: 'Best rake', year: 2024 }), new Parse.Object('Prize', { title: 'Best hoe', year: 2025 })], master)
    maker.relation('prizes').add(prizes)
    await maker.save(null, master)
    made[3].set('maker', maker)
    await made[3].save(null, master)
    const rake = await new Parse.Query('Article').include('maker').get(made[3].id)
    expect(rake.get('maker').get('name')).toBe('Krumpholz')
    const won = await rake.get('maker').relation('prizes').query().descending('year').find()
    expect(won.map(prize => prize.get('title'))).toEqual(['Best hoe', 'Best rake'])
  })

  it('have a picture', async () => {
    const { as } = await newStaff()
    const picture = new Parse.File('spade.txt', { base64: Buffer.from('a spade, drawn').toString('base64') }, 'text/plain')
    await picture.save(as)
    made[4].set('picture', picture)
    await made[4].save(null, as)
    const spade = await restOk('GET', `/classes/Article/${made[4].id}`)
    expect(spade.tags).toEqual(['steel', 'tools'])
    const response = await fetch(spade.picture.url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch('text/plain')
    expect(await response.text()).toBe('a spade, drawn')
  })

  it('are asked for with GraphQL', async () => {
    const query = 'query Tools($tag: Any) { articles(where: { tags: { contains: [$tag] } }, order: [price_DESC], first: 10) { count edges { node { sku name price } } } }'
    const { data, errors } = await restOk('POST', '/graphql', { base: URL.replace('/parse', ''), body: { query, variables: { tag: 'tools' } } })
    expect(errors).toBeUndefined()
    expect(data.articles.count).toBe(2)
    expect(data.articles.edges.map(edge => edge.node.sku)).toEqual(['TO-205', 'TO-204'])
  })

  it('are rated by customers', async () => {
    const [one, two] = [await newCustomer(), await newCustomer()]
    const article = made[0].toPointer()
    const review = await restOk('POST', '/classes/Review', { session: one.as.sessionToken, body: { article, stars: 5, text: 'All came up' } })
    await restOk('POST', '/classes/Review', { session: two.as.sessionToken, body: { article, stars: 2 } })
    const foreign = await rest('PUT', `/classes/Review/${review.objectId}`, { session: two.as.sessionToken, body: { stars: 1 } })
    expect(foreign).toMatchObject({ status: 404, body: { code: 101 } })
    await restOk('PUT', `/classes/Review/${review.objectId}`, { session: one.as.sessionToken, body: { stars: 4 } })
    expect(await Parse.Cloud.run('ratings', { article: made[0].id })).toEqual({ average: 3, count: 2 })
  })
})

describe('Stores', () => {
  const stores = []

  beforeAll(async () => {
    for (const [name, latitude, longitude] of [['Mitte', 52.52, 13.4], ['Potsdam', 52.39, 13.06], ['Leipzig', 51.34, 12.37]]) {
      stores.push(await restOk('POST', '/classes/Store', {
        headers: { 'x-parse-master-key': 'mk_3WqYp7' },
        body: { name, open: name !== 'Mitte', place: { __type: 'GeoPoint', latitude, longitude } }
      }))
    }
  })

  afterAll(async () => {
    for (const { objectId } of stores) await restOk('DELETE', `/classes/Store/${objectId}`, { headers: { 'x-parse-master-key': 'mk_3WqYp7' } })
  })

  it('are found on the map', async () => {
    const [southWest, northEast] = [new Parse.GeoPoint(52.3, 12.9), new Parse.GeoPoint(52.7, 13.8)]
    const onMap = await new Parse.Query('Store').withinGeoBox('place', southWest, northEast).descending('name').find()
    expect(onMap.map(store => store.get('name'))).toEqual(['Potsdam', 'Mitte'])
    expect(Math.round(onMap[0].get('place').kilometersTo(onMap[1].get('place')))).toBe(27)
    const open = await restOk('GET', `/classes/Store?where=${encodeURIComponent('{"open":true}')}&order=name`)
    expect(open.results.map(store => store.name)).toEqual(['Leipzig', 'Potsdam'])
  })
})
