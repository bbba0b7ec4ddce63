// What is done at night.
const { setTimeout: sleep } = require('node:timers/promises')

Parse.Cloud.job('dailyReport', async request => {
  request.message('counting orders')
  await sleep(700)
  const midnight = new Date()
  midnight.setUTCHours(0, 0, 0, 0)
  const orders = await new Parse.Query('Order').greaterThanOrEqualTo('createdAt', midnight).notEqualTo('status', 'cancelled').limit(500).find({ useMasterKey: true })
  const revenue = orders.reduce((sum, order) => sum + order.get('total'), 0)
  await new Parse.Object('Report').save({ day: midnight.toISOString().slice(0, 10), orders: orders.length, revenue }, { useMasterKey: true })
  request.message(`${orders.length} orders`)
})

Parse.Cloud.job('importArticles', async request => {
  const { rows } = request.params
  const refused = []
  for (const [place, row] of rows.entries()) {
    const known = await new Parse.Query('Article').equalTo('sku', row.sku).first({ useMasterKey: true })
    const article = known ?? new Parse.Object('Article')
    try {
      await article.save(row, { useMasterKey: true })
    } catch (error) {
      refused.push(`row ${place + 1}: ${error.message}`)
    }
    await sleep(100)
  }
  await new Parse.Object('Report').save({ day: 'import', orders: rows.length - refused.length, refused }, { useMasterKey: true })
  request.message(`${rows.length - refused.length} of ${rows.length} rows`)
})
