// Orders: placed, paid, cancelled.
const rates = require('./rates.js')
const stock = require('./stock.js')

const STATUSES = ['placed', 'paid', 'shipped', 'cancelled']
const POINTS_PER_EURO = 2

Parse.Cloud.beforeSave('Order', request => {
  const order = request.object
  if (!STATUSES.includes(order.get('status'))) throw new Parse.Error(Parse.Error.VALIDATION_ERROR, `no status ${order.get('status')}`)
  if (!request.master && order.dirtyKeys().some(key => key !== 'note')) {
    throw new Parse.Error(Parse.Error.OPERATION_FORBIDDEN, 'only the note of an order can be changed')
  }
  if (order.isNew()) {
    const acl = new Parse.ACL()
    acl.setReadAccess(order.get('customer').id, true)
    acl.setWriteAccess(order.get('customer').id, true)
    acl.setRoleReadAccess('staff', true)
    order.setACL(acl)
  }
})

// Nobody waits for the trail.
Parse.Cloud.afterSave('Order', request => {
  const { object: order, original } = request
  if (original?.get('status') === order.get('status')) return
  setTimeout(() => {
    new Parse.Object('Trail').save({ order: order.toPointer(), what: order.get('status'), by: request.user?.get('username') ?? 'shop' }, { useMasterKey: true })
  }, 400)
})

async function takeAll (lines) {
  const taken = []
  try {
    for (const { sku, quantity } of lines) taken.push({ article: await stock.take(sku, quantity), sku, quantity })
  } catch (error) {
    for (const { sku, quantity } of taken) await stock.giveBack(sku, quantity)
    throw error
  }
  return taken
}

async function discount (code) {
  if (!code) return 0
  const coupon = await new Parse.Query('Coupon').equalTo('code', code).first({ useMasterKey: true })
  if (!coupon) throw new Parse.Error(Parse.Error.OBJECT_NOT_FOUND, `no coupon ${code}`)
  if (coupon.get('until') < new Date()) throw new Parse.Error(Parse.Error.VALIDATION_ERROR, `coupon ${code} has ended`)
  if (coupon.get('left') < 1) throw new Parse.Error(Parse.Error.VALIDATION_ERROR, `coupon ${code} is used up`)
  coupon.increment('left', -1)
  await coupon.save(null, { useMasterKey: true })
  return coupon.get('percent')
}

Parse.Cloud.define('quote', async request => {
  const { country, grams } = request.params
  const [percent, shipping] = await Promise.all([rates.tax(country), rates.shipping(country, grams)])
  return { country, taxPercent: percent, shipping: shipping.cents, days: shipping.days }
}, { fields: { country: { type: String }, grams: { type: Number } } })

Parse.Cloud.define('placeOrder', async request => {
  const { lines, country, coupon } = request.params
  const percent = await rates.tax(country)
  const taken = await takeAll(lines)
  const grams = taken.reduce((sum, { article, quantity }) => sum + article.get('grams') * quantity, 0)
  const off = await discount(coupon)
  const config = await Parse.Config.get({ useMasterKey: true })
  const list = taken.reduce((sum, { article, quantity }) => sum + article.get('price') * quantity, 0)
  const goods = Math.round(list * (1 - off / 100))
  const free = config.get('freeShippingFrom')
  const shipping = free !== undefined && goods >= free ? 0 : (await rates.shipping(country, grams)).cents
  const tax = Math.round(goods * percent / 100)
  const order = new Parse.Object('Order')
  await order.save({
    customer: request.user, lines, country, status: 'placed', goods, tax, shipping, total: goods + tax + shipping
  }, { useMasterKey: true })
  return order
}, { requireUser: true })

async function own (request) {
  const order = await new Parse.Query('Order').include('customer').get(request.params.order, { useMasterKey: true })
  if (order.get('customer').id !== request.user.id) throw new Parse.Error(Parse.Error.OPERATION_FORBIDDEN, 'not your order')
  return order
}

Parse.Cloud.define('payOrder', async request => {
  const order = await own(request)
  if (order.get('status') === 'paid') throw new Parse.Error(Parse.Error.DUPLICATE_REQUEST, 'this order is paid')
  await order.save({ status: 'paid', paidAt: new Date() }, { useMasterKey: true })
  const customer = order.get('customer')
  customer.increment('points', Math.floor(order.get('goods') / 100) * POINTS_PER_EURO)
  await customer.save(null, { useMasterKey: true })
  return { status: order.get('status'), points: customer.get('points') }
}, { requireUser: true })

Parse.Cloud.define('cancelOrder', async request => {
  const order = await own(request)
  if (order.get('status') === 'cancelled') return { status: 'cancelled' }
  for (const { sku, quantity } of order.get('lines')) await stock.giveBack(sku, quantity)
  await order.save({ status: 'cancelled' }, { useMasterKey: true })
  return { status: 'cancelled' }
}, { requireUser: true })
