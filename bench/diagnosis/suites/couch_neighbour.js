// Another test of the same run, which does something to the shared server while its neighbour is in the middle.
'use strict'

const fs = require('node:fs')
const { setTimeout: sleep } = require('node:timers/promises')
const { connect } = require('./helpers/couch.js')

describe('Neighbour', function () {
  it('does something else', async function () {
    const couch = connect('head')
    const end = Date.now() + 15000
    // The proxy makes the file when its neighbour is where it can be hit.
    while (!fs.existsSync(process.env.CASE_SIGNAL)) {
      if (Date.now() > end) throw new Error('the neighbour never came')
      await sleep(20)
    }
    for (const [operation, database, ...values] of JSON.parse(process.env.CASE_NEIGHBOUR)) {
      const db = couch.use(database)
      // What is to be deleted or changed is looked up first, as one does.
      if (operation === 'destroy') await db.destroy(values[0], (await db.get(values[0]))._rev)
      else if (operation === 'change') await db.insert({ ...(await db.get(values[0])), ...values[1] })
      else await db[operation](...values)
    }
  })
})
