// What the shop sells.
Parse.Cloud.beforeSave('Article', request => {
  const article = request.object
  if (!/^[A-Z]{2}-\d{3,}$/.test(article.get('sku') ?? '')) {
    throw new Parse.Error(Parse.Error.VALIDATION_ERROR, `${article.get('sku')} is no SKU`)
  }
  if (article.get('price') < 0) throw new Parse.Error(Parse.Error.VALIDATION_ERROR, 'a price is not negative')
  article.set('tags', [...new Set(article.get('tags') ?? [])].sort())
  article.set('state', article.get('stock') > 0 ? 'available' : 'sold-out')
})

Parse.Cloud.afterFind('Article', request => {
  for (const article of request.objects) article.set('priceText', `${(article.get('price') / 100).toFixed(2)} EUR`)
  return request.objects
})

Parse.Cloud.define('search', async request => {
  const { text = '', tag, page = 1, size = 10, available } = request.params
  const query = new Parse.Query('Article').matches('name', text, 'i')
  if (tag) query.containsAll('tags', [tag])
  if (available) query.equalTo('state', 'available')
  query.ascending('price', 'sku').skip((page - 1) * size).limit(size).withCount()
  const { results, count } = await query.find({ useMasterKey: true })
  return { articles: results.map(article => article.toJSON()), page, pages: Math.ceil(count / size), count }
}, { fields: { size: { type: Number, options: size => size <= 50, error: 'at most 50 a page' } } })

Parse.Cloud.define('restock', async request => {
  const { sku, pieces } = request.params
  const article = await new Parse.Query('Article').equalTo('sku', sku).first({ useMasterKey: true })
  if (!article) throw new Parse.Error(Parse.Error.OBJECT_NOT_FOUND, `no article ${sku}`)
  article.increment('stock', pieces)
  await article.save(null, { useMasterKey: true })
  return { sku, stock: article.get('stock') }
}, { requireAnyUserRoles: ['staff'], fields: { sku: { required: true }, pieces: { type: Number } } })

Parse.Cloud.define('ratings', async request => {
  const reviews = await new Parse.Query('Review')
    .equalTo('article', Parse.Object.extend('Article').createWithoutData(request.params.article)).find({ useMasterKey: true })
  const sum = reviews.reduce((total, review) => total + review.get('stars'), 0)
  return { average: reviews.length ? sum / reviews.length : null, count: reviews.length }
})

Parse.Cloud.beforeSave('Review', async request => {
  const review = request.object
  if (!request.user) throw new Parse.Error(Parse.Error.INVALID_SESSION_TOKEN, 'who are you?')
  const stars = review.get('stars')
  if (!(stars >= 1 && stars <= 5)) throw new Parse.Error(Parse.Error.VALIDATION_ERROR, 'one to five stars')
  review.set('author', request.user)
  const acl = new Parse.ACL(request.user)
  acl.setPublicReadAccess(true)
  review.setACL(acl)
})
