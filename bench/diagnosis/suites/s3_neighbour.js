// Another test of the same run, which does something to the shared server while its neighbour is in the middle.
'use strict'

const fs = require('node:fs')
const AWS = require('aws-sdk')

describe('Neighbour', function () {
  it('does something else', async function () {
    const s3 = new AWS.S3({
      accessKeyId: '123', secretAccessKey: 'abc', endpoint: 'http://localhost:4569', sslEnabled: false, s3ForcePathStyle: true
    })
    const end = Date.now() + 20000
    // The proxy makes the file when its neighbour is where it can be hit.
    while (!fs.existsSync(process.env.CASE_SIGNAL)) {
      if (Date.now() > end) throw new Error('the neighbour never came')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const [operation, parameters] = JSON.parse(process.env.CASE_NEIGHBOUR)
    await s3[operation](parameters).promise()
  })
})
