// Another test of the same run, before those at hand: it makes an article on the server that they share.
'use strict'

const assert = require('node:assert')
const request = require('request')
const jsonApiTestServer = require('../example/server.js')

describe('Neighbour', () => {
  before(() => { jsonApiTestServer.start() })
  after(() => { jsonApiTestServer.close() })

  it('makes an article', done => {
    request({
      method: 'post',
      url: 'http://localhost:16006/rest/articles',
      headers: { 'Content-Type': 'application/vnd.api+json' },
      body: JSON.stringify({ data: { type: 'articles', attributes: { title: 'Zebras in the Wild', content: 'na', views: 3 } } })
    }, (err, res) => {
      assert.strictEqual(err, null)
      assert.strictEqual(res.statusCode, 201)
      done()
    })
  })
})
