// The API of the conference: PostGraphile on its database, and what delivers notices.
//
// `node server.js PORT`; the database by the usual PG… variables.
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import simplify from '@graphile-contrib/pg-simplify-inflector'
import filters from 'postgraphile-plugin-connection-filter'
import { postgraphile } from 'postgraphile'

const DELIVERED_EVERY_MS = Number(process.env.DELIVERED_EVERY_MS ?? 500)

const pool = new pg.Pool({ max: Number(process.env.API_CONNECTIONS ?? 8), connectionTimeoutMillis: 4000 })
pool.on('error', error => console.error(`database: ${error.message}`))

const api = postgraphile(pool, 'conf', {
  appendPlugins: [simplify.default ?? simplify, filters.default ?? filters],
  jwtSecret: process.env.JWT_SECRET ?? 'the-conference-of-2026',
  jwtPgTypeIdentifier: 'conf.jwt',
  pgDefaultRole: 'visitor',
  legacyRelations: 'omit',
  enableQueryBatching: true,
  dynamicJson: true,
  setofFunctionsContainNulls: false,
  ignoreRBAC: false,
  disableQueryLog: true,
  bodySizeLimit: process.env.API_BODY_LIMIT ?? '100kB',
  extendedErrors: ['errcode', 'detail', 'constraint']
})

async function deliver () {
  for (;;) {
    await sleep(DELIVERED_EVERY_MS)
    await pool.query('select conf_private.deliver()').catch(error => console.error(`deliver: ${error.message}`))
  }
}

const server = http.createServer((request, response) => {
  if (request.url === '/health') return response.end('well\n')
  api(request, response, error => {
    response.writeHead(error ? 500 : 404, { 'content-type': 'application/json' }).end(JSON.stringify({ error: error?.message ?? 'no such page' }))
  })
})
await api.getGraphQLSchema()
server.listen(Number(process.argv[2]), '127.0.0.1')
deliver()
