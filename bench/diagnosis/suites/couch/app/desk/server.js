// The desk of the workshop: what its pages ask for.
'use strict'

const http = require('node:http')
const { CouchError } = require('./couch.js')
const { deploy } = require('./design.js')
const { OutOfStock } = require('./stock.js')
const repairs = require('./repairs.js')

const HOST = process.env.DESK_HOST ?? '127.0.0.14'
const PORT = Number(process.env.DESK_PORT ?? 8090)

/** Method, pattern of the path, who may, status, what is done. */
const ROUTES = [
  ['POST', /^\/repairs$/, 'clerk|mechanic', 201, ({ body }) => repairs.takeIn(body)],
  ['GET', /^\/repairs$/, 'clerk|mechanic', 200, ({ query }) => repairs.find(query)],
  ['POST', /^\/repairs\/([^/]+)\/finish$/, 'mechanic', 200, ({ id }) => repairs.finish(id)],
  ['POST', /^\/repairs\/([^/]+)\/cancel$/, 'clerk|mechanic', 200, ({ id }) => repairs.cancel(id)],
  ['GET', /^\/customers\/([^/]+)\/bill$/, 'clerk|mechanic', 200, ({ id }) => repairs.bill(id)],
  ['GET', /^\/customers\/([^/]+)\/pending$/, 'clerk|mechanic', 200, ({ id }) => repairs.pending(id)],
  ['POST', /^\/hand-over$/, 'clerk', 200, ({ body }) => repairs.handOver(body.repairs)],
  ['POST', /^\/customers\/([^/]+)\/archive$/, 'clerk', 202, ({ id }) => repairs.archive(id)],
  ['GET', /^\/archive\/([^/]+)$/, 'clerk', 200, ({ id }) => repairs.archived(id)]
]

async function answer (request) {
  const url = new URL(request.url, 'http://desk')
  const route = ROUTES.find(([method, pattern]) => method === request.method && pattern.test(url.pathname))
  if (!route) return [404, { error: 'no such page' }]
  const [, pattern, roles, status, act] = route
  if (!roles.split('|').includes(request.headers['x-role'])) return [403, { error: `only for ${roles}` }]
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = chunks.length ? JSON.parse(Buffer.concat(chunks)) : {}
  const id = decodeURIComponent(pattern.exec(url.pathname)[1] ?? '')
  return [status, await act({ body, id, query: Object.fromEntries(url.searchParams) })]
}

function refusal (error) {
  if (error instanceof OutOfStock) return [409, { error: error.message }]
  if (error instanceof CouchError && error.status === 404) return [404, { error: 'no such thing' }]
  if (error instanceof CouchError) return [502, { error: `database: ${error.message}` }]
  if (error.name === 'TimeoutError') return [504, { error: 'database: no answer in time' }]
  return [500, { error: error.message }]
}

const server = http.createServer(async (request, response) => {
  const [status, body] = await answer(request).catch(refusal)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})

deploy().then(() => server.listen(PORT, HOST, () => console.log(`the desk is open at ${HOST}:${PORT}`)))
process.on('SIGTERM', () => process.exit(0))
