// The garden shop.
require('./accounts.js')
require('./articles.js')
require('./orders.js')
require('./jobs.js')
