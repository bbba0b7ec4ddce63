// The archive: copies of repairs that are done, which the insurance may read.
'use strict'

const assert = require('node:assert/strict')
const { open, connect, request } = require('./helpers/couch.js')
const { waitFor, unique } = require('./helpers/wait.js')

const ARCHIVE = process.env.ARCHIVE_URL ?? 'http://localhost:5984'

describe('Archive', function () {
  const head = connect('head')
  const archive = open('archive')
  let repairs
  let name

  // Each test has repairs of its own, and an archive that all share.
  beforeEach(async function () {
    name = unique('repairs')
    await head.db.create(name)
    repairs = open(name, 'head')
    await repairs.bulk({ docs: ['open', 'done', 'done'].map((status, number) => ({ _id: `${name}:${number}`, type: 'repair', status, price: 20 + number })) })
  })

  afterEach(async function () {
    const { rows } = await archive.list({ startkey: name, endkey: `${name}\ufff0` })
    if (rows.length) await open('archive', 'head').bulk({ docs: rows.map(({ id, value }) => ({ _id: id, _rev: value.rev, _deleted: true })) })
    await head.db.destroy(name)
  })

  /** Copies what is new, at once: both databases are the server's own, so it is told their names and no URLs. */
  async function replicate () {
    const answer = await request('POST', '/_replicate', { user: 'head', body: { source: name, target: 'archive' } })
    const result = await answer.json()
    assert.equal(answer.status, 200, `${result.error}: ${result.reason}`)
    return result
  }

  it('gets a copy of everything', async function () {
    const result = await replicate()
    assert.equal(result.ok, true)
    assert.equal(result.docs_written, 3)
    const { rows } = await archive.list({ startkey: name, endkey: `${name}\ufff0`, include_docs: true })
    assert.deepEqual(rows.map(({ doc }) => doc.status), ['open', 'done', 'done'])
  })

  it('gets what is new, and only that', async function () {
    await replicate()
    const first = await repairs.get(`${name}:0`)
    await repairs.insert({ ...first, status: 'done' }, first._id)
    const again = await replicate()
    assert.equal(again.docs_written, 1)
    assert.equal((await archive.get(`${name}:0`)).status, 'done')
  })

  it('is filled in the background', async function () {
    const job = unique('job')
    await head.use('_replicator').insert({ source: name, target: 'archive' }, job)
    const state = await waitFor('the replication', async () => {
      const doc = await head.use('_replicator').get(job)
      return doc._replication_state === 'completed' && doc
    })
    assert.equal(state._replication_stats.docs_written, 3)
    const { rows } = await archive.fetch({ keys: [`${name}:1`, `${name}:2`] })
    assert.deepEqual(rows.map(({ doc }) => doc.price), [21, 22])
  })

  it('is read by the insurance', async function () {
    await replicate()
    const answer = await request('GET', `/archive/${name}:1`, { user: 'insurer', base: ARCHIVE })
    assert.equal(answer.status, 200)
    const { status, price } = await answer.json()
    assert.deepEqual({ status, price }, { status: 'done', price: 21 })
    const refused = await request('GET', '/repairs/_all_docs', { user: 'insurer', base: ARCHIVE })
    assert.equal(refused.status, 401)
  })

  it('is read again by the insurance only when something has changed', async function () {
    await replicate()
    const first = await request('GET', `/archive/${name}:2`, { user: 'insurer', base: ARCHIVE })
    const { _rev: rev } = await first.json()
    await repairs.insert({ ...(await repairs.get(`${name}:2`)), price: 80 }, `${name}:2`)
    await replicate()
    const second = await request('GET', `/archive/${name}:2`, { user: 'insurer', base: ARCHIVE })
    const latest = await second.json()
    assert.equal(latest.price, 80)
    assert.notEqual(latest._rev, rev)
  })
})
