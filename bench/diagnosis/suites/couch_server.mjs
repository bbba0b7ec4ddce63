// A server that speaks CouchDB, as `npm` has it, with the accounts and databases of the workshop:
// `node couch_server.mjs FOLDER PACKAGES DATA PORT`.
import fs from 'node:fs'
import { once } from 'node:events'
import { createRequire } from 'node:module'

const [folder, packages, data, port] = process.argv.slice(2)
const require = createRequire(`${folder}/node_modules/`)
const PouchDB = require('pouchdb-core')
for (const name of ['adapter-leveldb', 'adapter-http', 'mapreduce', 'replication', 'find']) PouchDB.plugin(require(`pouchdb-${name}`))
fs.mkdirSync(data, { recursive: true })

const app = require('express')()
app.use('/', require(`${packages}/express-pouchdb`)(PouchDB.defaults({ prefix: `${data}/` }), {
  configPath: `${data}/config.json`,
  logPath: `${data}/log.txt`,
  overrideMode: { exclude: ['routes/fauxton'] }
}))

/** Asks the server before anybody else can. */
async function ask (at, method, path, body) {
  const authorization = `Basic ${Buffer.from('head:Rohloff-14').toString('base64')}`
  const headers = { 'content-type': 'application/json', ...(path !== '/_config/admins/head' && { authorization }) }
  const answer = await fetch(at + path, { method, headers, body: body && JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
}

const early = app.listen(0, '127.0.0.1')
await once(early, 'listening')
const at = `http://127.0.0.1:${early.address().port}`
await ask(at, 'PUT', '/_config/admins/head', 'Rohloff-14')
const accounts = { desk: ['workshop', 'mechanic'], tests: ['workshop'], insurer: ['insurer'] }
for (const [name, roles] of Object.entries(accounts)) {
  const id = `org.couchdb.user:${name}`
  await ask(at, 'PUT', `/_users/${id}`, { _id: id, type: 'user', name, roles, password: `${name}-Sturmey3` })
}
const members = { repairs: ['workshop'], parts: ['workshop'], archive: ['workshop', 'insurer'] }
for (const [name, roles] of Object.entries(members)) {
  await ask(at, 'PUT', `/${name}`)
  await ask(at, 'PUT', `/${name}/_security`, { members: { names: [], roles }, admins: { names: [], roles: ['head'] } })
}
app.listen(Number(port), '127.0.0.1')
