// What the shop keeps.
const everybodyReads = { find: { '*': true }, get: { '*': true }, count: { '*': true }, create: { 'role:staff': true }, update: { 'role:staff': true }, delete: { 'role:staff': true }, addField: {} }
const nobody = { find: {}, get: {}, count: {}, create: {}, update: {}, delete: {}, addField: {} }
const signedIn = { requiresAuthentication: true }
const own = { find: signedIn, get: signedIn, count: signedIn, create: signedIn, update: signedIn, delete: signedIn, addField: {} }

const text = { type: 'String' }
const number = { type: 'Number' }

exports.classes = [
  { className: '_User', fields: { displayName: text, points: number }, classLevelPermissions: { find: signedIn, get: signedIn, count: signedIn, create: { '*': true }, update: signedIn, delete: signedIn, addField: {} } },
  {
    className: 'Maker',
    fields: { name: text, country: text, prizes: { type: 'Relation', targetClass: 'Prize' } },
    classLevelPermissions: everybodyReads
  },
  { className: 'Prize', fields: { title: text, year: number }, classLevelPermissions: everybodyReads },
  {
    className: 'Article',
    fields: {
      sku: text, name: text, price: number, stock: number, grams: number, tags: { type: 'Array' },
      maker: { type: 'Pointer', targetClass: 'Maker' }, picture: { type: 'File' }, state: text
    },
    indexes: { skuIndex: { sku: 1 } },
    classLevelPermissions: everybodyReads
  },
  { className: 'Store', fields: { name: text, place: { type: 'GeoPoint' }, open: { type: 'Boolean' } }, classLevelPermissions: everybodyReads },
  {
    className: 'Order',
    fields: {
      customer: { type: 'Pointer', targetClass: '_User' }, lines: { type: 'Array' }, country: text, status: text, goods: number, tax: number,
      shipping: number, total: number, note: text, paidAt: { type: 'Date' }
    },
    classLevelPermissions: own
  },
  { className: 'Trail', fields: { order: { type: 'Pointer', targetClass: 'Order' }, what: text, by: text }, classLevelPermissions: { ...nobody, find: { 'role:staff': true }, count: { 'role:staff': true } } },
  { className: 'Coupon', fields: { code: text, percent: number, left: number, until: { type: 'Date' } }, classLevelPermissions: nobody },
  { className: 'Report', fields: { day: text, orders: number, revenue: number, refused: { type: 'Array' } }, classLevelPermissions: nobody },
  { className: 'Review', fields: { article: { type: 'Pointer', targetClass: 'Article' }, stars: number, text, author: { type: 'Pointer', targetClass: '_User' } }, classLevelPermissions: { ...own, find: { '*': true }, get: { '*': true } } }
]
