// The box office of the conference: what its pages ask for.
import http from 'node:http'
import { ApiError, logIn } from './graph.js'
import * as orders from './orders.js'
import * as programme from './programme.js'

const HOST = process.env.BOX_HOST ?? '127.0.0.15'
const PORT = Number(process.env.BOX_PORT ?? 8095)

/** Method, pattern of the path, who may, status, what is done. */
const ROUTES = [
  ['POST', /^\/orders$/, 'visitor|clerk', 201, ({ body }) => orders.order(body)],
  ['GET', /^\/badges\/(\d+)$/, 'visitor|clerk', 200, ({ id }) => orders.badge(id)],
  ['POST', /^\/tickets\/(\d+)\/refund$/, 'clerk', 200, ({ id }) => orders.refund(id)],
  ['GET', /^\/report$/, 'clerk', 200, ({ query }) => orders.report(query.people.split(',').map(Number))],
  ['GET', /^\/rooms\/(\d+)\/programme$/, 'visitor|clerk', 200, ({ id }) => programme.programme(id)],
  ['PATCH', /^\/talks\/(\d+)$/, 'clerk', 200, ({ id, body }) => programme.change(id, body)],
  ['POST', /^\/talks\/(\d+)\/likes$/, 'visitor|clerk', 200, ({ id }) => programme.like(id)],
  ['GET', /^\/people\/(\d+)\/schedule$/, 'visitor|clerk', 200, ({ id }) => programme.schedule(id)]
]

async function answer (request) {
  const url = new URL(request.url, 'http://box')
  const route = ROUTES.find(([method, pattern]) => method === request.method && pattern.test(url.pathname))
  if (!route) return [404, { error: 'no such page' }]
  const [, pattern, roles, status, act] = route
  if (!roles.split('|').includes(request.headers['x-role'])) return [403, { error: `only for ${roles}` }]
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = chunks.length ? JSON.parse(Buffer.concat(chunks)) : {}
  const found = await act({ body, id: Number(pattern.exec(url.pathname)[1]), query: Object.fromEntries(url.searchParams) })
  return found ? [status, found] : [404, { error: 'no such thing' }]
}

function refusal (error) {
  if (error instanceof ApiError && error.code === 'CF409') return [409, { error: error.message }]
  if (error instanceof ApiError && error.code === 'CF400') return [422, { error: error.message }]
  if (error instanceof ApiError) return [502, { error: `API: ${error.status} ${error.message}` }]
  if (error.name === 'TimeoutError') return [504, { error: 'API: no answer in time' }]
  return [500, { error: [error.message, error.cause?.code].filter(Boolean).join(': ') }]
}

const server = http.createServer(async (request, response) => {
  const [status, body] = await answer(request).catch(refusal)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})

if (!await logIn()) throw new Error('the API does not know the box office')
server.listen(PORT, HOST, () => console.log(`the box office is open at ${HOST}:${PORT}`))
process.on('SIGTERM', () => process.exit(0))
