// Parts that are taken from the stock, and given back.
'use strict'

const { couch } = require('./couch.js')

class OutOfStock extends Error {}

/** Changes how many pieces of a part there are; when somebody else was faster, looks again. */
async function change (part, pieces) {
  for (let attempt = 0; ; attempt += 1) {
    const doc = await couch('GET', `parts/${part}`)
    if (doc.pieces + pieces < 0) throw new OutOfStock(`${doc.name}: only ${doc.pieces} left`)
    try {
      await couch('PUT', `parts/${part}`, { ...doc, pieces: doc.pieces + pieces })
      return doc
    } catch (error) {
      if (error.status !== 409 || attempt >= 4) throw error
    }
  }
}

const take = (part, pieces) => change(part, -pieces)
const giveBack = (part, pieces) => change(part, pieces)

module.exports = { take, giveBack, OutOfStock }
