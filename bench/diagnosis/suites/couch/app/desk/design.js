// What the database computes for the desk. Brought there when the desk starts.
'use strict'

const { couch, asHead } = require('./couch.js')

const DESIGN = {
  repairs: {
    views: {
      bills: {
        map: "function (doc) { if (doc.type === 'repair' && doc.status === 'done') emit([doc.customer, doc.month], doc.price) }",
        reduce: '_sum'
      }
    },
    validate_doc_update: `function (doc, old, user) {
      if (doc._deleted || doc._id[0] === '_') return
      if (doc.type === 'repair' && !doc.customer) throw { forbidden: 'a repair needs a customer' }
      if (doc.price < 0) throw { forbidden: 'nobody is paid for having a bicycle repaired' }
    }`
  },
  parts: {
    views: {
      short: { map: "function (doc) { if (doc.type === 'part' && doc.pieces < doc.least) emit(doc.pieces, doc.name) }" }
    }
  }
}

/** Brings the design documents up to date. */
async function deploy () {
  for (const [database, design] of Object.entries(DESIGN)) {
    const path = `${database}/_design/desk`
    const known = await couch('GET', path, undefined, asHead()).catch(error => {
      if (error.status !== 404) throw error
      return {}
    })
    await couch('PUT', path, { _id: '_design/desk', ...(known._rev && { _rev: known._rev }), ...design }, asHead())
  }
}

module.exports = { deploy }
