// Another test of the same run, which does something to the shared shop while its neighbour is in the middle.
const fs = require('node:fs')
const { rest, sleep } = require('./helpers/shop.js')

describe('Neighbour', () => {
  it('does something else', async () => {
    const end = Date.now() + 15_000
    // The proxy makes the file when its neighbour is where it can be hit.
    while (!fs.existsSync(process.env.CASE_SIGNAL)) {
      if (Date.now() > end) throw new Error('the neighbour never came')
      await sleep(20)
    }
    const headers = { 'x-parse-master-key': 'mk_3WqYp7' }
    // A number is a pause; a text is put in the place of the last result's first identifier.
    let found = ''
    for (const step of JSON.parse(process.env.CASE_NEIGHBOUR)) {
      if (typeof step === 'number') await sleep(step)
      else {
        const [method, path, body] = step
        const answer = await rest(method, path.replace('{found}', found), { body, headers })
        found = answer.body.results?.[0]?.objectId ?? found
      }
    }
  })
})
