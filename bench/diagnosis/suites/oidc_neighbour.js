// Another test of the same run, which does something to the shared log-in and loans while its neighbour is in the middle.
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import * as oidc from 'openid-client'
import { request, signIn } from './helpers/login.js'
import { withToken } from './helpers/loans.js'

const operator = { authorization: 'Bearer operator-Magazin9' }

const STEPS = {
  rotate: () => request('POST', '/operator/keys', { headers: operator }),
  add: (loans, book) => loans.post('/books', book),
  async clear (loans) {
    const { data } = await loans.get('/books')
    for (const { id } of data.items) await loans.delete(`/books/${id}`)
  }
}

describe('Neighbour', function () {
  it('does something else', async function () {
    const end = Date.now() + 15000
    // The proxy makes the file when its neighbour is where it can be hit.
    while (!fs.existsSync(process.env.CASE_SIGNAL)) {
      if (Date.now() > end) throw new Error('the neighbour never came')
      await sleep(20)
    }
    const { config, tokens } = await signIn('ida')
    const loans = withToken(tokens.access_token)
    for (const [step, ...values] of JSON.parse(process.env.CASE_NEIGHBOUR)) await STEPS[step](loans, ...values)
    await oidc.tokenRevocation(config, tokens.refresh_token)
  })
})
