// The lab: what its pages ask for.
import http from 'node:http'
import * as orders from './orders.js'
import { open } from './storage.js'

const HOST = process.env.LAB_HOST ?? '127.0.0.21'
const PORT = Number(process.env.LAB_PORT ?? 8095)

/** Method, pattern of the path, who may, status, what is done. */
const ROUTES = [
  ['POST', /^\/orders$/, 'counter', 201, ({ body }) => orders.take(body)],
  ['GET', /^\/customers\/([^/]+)\/orders$/, 'counter|printer', 200, ({ ids: [customer], query }) => orders.list(customer, query.status)],
  ['GET', /^\/customers\/([^/]+)\/bill$/, 'counter', 200, ({ ids: [customer] }) => orders.bill(customer)],
  ['GET', /^\/customers\/([^/]+)\/orders\/([^/]+)$/, 'counter|printer', 200, ({ ids }) => orders.show(...ids)],
  ['POST', /^\/customers\/([^/]+)\/orders\/([^/]+)\/cancel$/, 'counter', 200, ({ ids }) => orders.cancel(...ids)],
  ['GET', /^\/customers\/([^/]+)\/orders\/([^/]+)\/pictures\/([^/]+)\/link$/, 'counter', 200, ({ ids }) => orders.link(...ids)],
  ['POST', /^\/printer\/next$/, 'printer', 200, ({ body }) => orders.print(body.most)],
  ['POST', /^\/printer\/start$/, 'printer', 202, () => orders.start()]
]

async function answer (request) {
  const url = new URL(request.url, 'http://lab')
  const route = ROUTES.find(([method, pattern]) => method === request.method && pattern.test(url.pathname))
  if (!route) return [404, { error: 'no such page' }]
  const [, pattern, roles, status, act] = route
  if (!roles.split('|').includes(request.headers['x-role'])) return [403, { error: `only for ${roles}` }]
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = chunks.length ? JSON.parse(Buffer.concat(chunks)) : {}
  const ids = pattern.exec(url.pathname).slice(1).map(decodeURIComponent)
  return [status, await act({ body, ids, query: Object.fromEntries(url.searchParams) })]
}

function refusal (error) {
  if (error.refusal) return [error.refusal, { error: error.message }]
  const code = error.code ?? error.details?.odataError?.code
  if (error.statusCode === 404) return [404, { error: 'no such thing' }]
  if (error.statusCode) return [502, { error: `storage: ${error.statusCode} ${code ?? ''}`.trim() }]
  if (error.name === 'AbortError') return [504, { error: 'storage: no answer in time' }]
  if (error.name === 'RestError') return [502, { error: `storage: ${code ?? error.message}` }]
  return [500, { error: error.message }]
}

const server = http.createServer(async (request, response) => {
  const [status, body] = await answer(request).catch(refusal)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})

await open()
server.listen(PORT, HOST, () => console.log(`the lab is open at ${HOST}:${PORT}`))
process.on('SIGTERM', () => process.exit(0))
