// How many pieces of each article are left.
async function find (sku) {
  const article = await new Parse.Query('Article').equalTo('sku', sku).first({ useMasterKey: true })
  if (!article) throw new Parse.Error(Parse.Error.OBJECT_NOT_FOUND, `no article ${sku}`)
  return article
}

/** Takes pieces from the stock; gives them back when there are not enough. */
exports.take = async (sku, quantity) => {
  const article = await find(sku)
  article.increment('stock', -quantity)
  await article.save(null, { useMasterKey: true })
  if (article.get('stock') < 0) {
    await exports.giveBack(sku, quantity)
    throw new Parse.Error(Parse.Error.VALIDATION_ERROR, `${sku} is sold out`)
  }
  return article
}

exports.giveBack = async (sku, quantity) => {
  const article = await find(sku)
  article.increment('stock', quantity)
  await article.save(null, { useMasterKey: true })
}
