// The wardens' desk: what the huts' tablets and the club's site ask for.
import http from 'node:http'
import { signIn } from './base.js'
import * as bookings from './bookings.js'
import { explained, refusal } from './errors.js'
import * as kitchen from './kitchen.js'
import * as nights from './nights.js'
import * as photos from './photos.js'

const HOST = process.env.WARDEN_HOST ?? '127.0.0.23'
const PORT = Number(process.env.WARDEN_PORT ?? 8097)
/** Whose key it is. */
const KEYS = { 'site-4711': 'site', 'warden-0815': 'warden', 'kitchen-3333': 'kitchen' }

/** Method, pattern of the path, who may, status, what is done. */
const ROUTES = [
  ['POST', /^\/huts\/([^/]+)\/bookings$/, 'site|warden', 201, ({ ids: [slug], body }) => bookings.book(slug, body)],
  ['POST', /^\/huts\/([^/]+)\/groups$/, 'warden', 201, ({ ids: [slug], text }) => bookings.bookGroup(slug, text)],
  ['GET', /^\/huts\/([^/]+)\/free$/, 'site|warden', 200, ({ ids: [slug], query }) => bookings.free(slug, query.night)],
  ['GET', /^\/huts\/([^/]+)\/arrivals$/, 'warden', 200, ({ ids: [slug], query }) => bookings.arrivals(slug, query.night, Number(query.page ?? 1))],
  ['GET', /^\/huts\/([^/]+)\/guests\/([^/]+)\/bill$/, 'warden', 200, ({ ids }) => bookings.bill(...ids)],
  ['GET', /^\/bookings\/([^/]+)$/, 'site|warden', 200, ({ ids }) => bookings.show(...ids)],
  ['POST', /^\/bookings\/([^/]+)\/cancel$/, 'site|warden', 200, ({ ids }) => bookings.cancel(...ids)],
  ['POST', /^\/bookings\/([^/]+)\/arrive$/, 'warden', 200, ({ ids }) => bookings.arrive(...ids)],
  ['POST', /^\/huts\/([^/]+)\/stock$/, 'kitchen', 200, ({ ids: [slug], body }) => kitchen.supply(slug, body)],
  ['POST', /^\/huts\/([^/]+)\/meals$/, 'kitchen', 200, ({ ids: [slug], body }) => kitchen.cook(slug, body)],
  ['GET', /^\/huts\/([^/]+)\/order$/, 'kitchen|warden', 200, ({ ids }) => kitchen.order(...ids)],
  ['POST', /^\/huts\/([^/]+)\/nights\/([^/]+)\/close$/, 'warden', 202, ({ ids }) => nights.start(...ids)],
  ['GET', /^\/huts\/([^/]+)\/nights\/([^/]+)$/, 'warden', 200, ({ ids }) => nights.state(...ids)],
  ['PUT', /^\/huts\/([^/]+)\/photos\/([^/]+)$/, 'warden', 201, ({ ids, bytes }) => photos.keep(...ids, bytes)],
  ['GET', /^\/huts\/([^/]+)\/photo$/, 'site|warden', 200, ({ ids }) => photos.latest(...ids)]
]

function parsed (text) {
  try {
    return text ? JSON.parse(text) : {}
  } catch {
    throw refusal(400, 'this is no JSON')
  }
}

async function answer (request) {
  const url = new URL(request.url, 'http://warden')
  const route = ROUTES.find(([method, pattern]) => method === request.method && pattern.test(url.pathname))
  if (!route) return [404, { error: 'no such page' }]
  const [, pattern, roles, status, act] = route
  const role = KEYS[request.headers['x-key']]
  if (!role) return [401, { error: 'who are you?' }]
  if (!roles.split('|').includes(role)) return [403, { error: `not for ${role}` }]
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const text = bytes.toString()
  const body = /json/.test(request.headers['content-type']) ? parsed(text) : {}
  const ids = pattern.exec(url.pathname).slice(1).map(decodeURIComponent)
  await signIn()
  return [status, await act({ body, bytes, text, ids, query: Object.fromEntries(url.searchParams) })]
}

const server = http.createServer(async (request, response) => {
  const [status, body] = await answer(request).catch(explained)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})

await signIn()
server.listen(PORT, HOST, () => console.log(`the desk is open at ${HOST}:${PORT}`))
process.on('SIGTERM', () => process.exit(0))
