// The office of the library: sends its mail and knows its tariffs, for whoever has a token of the library's log-in.
// `node server.js PORT LOGIN FOLDER`: mail that is to be sent is kept in the folder.
import fs from 'node:fs/promises'
import http from 'node:http'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const [port, login, folder] = process.argv.slice(2)
const AUDIENCE = 'https://office.lib.test'
const ISSUER = process.env.ISSUER ?? 'http://login.lib.test:5300'
const PER_MINUTE = Number(process.env.OFFICE_MAILS_PER_MINUTE ?? 60)
const TARIFFS = { book: { daily_cents: 20, free_days: 2, most_cents: 1000 }, film: { daily_cents: 100, free_days: 0, most_cents: 2500 } }

const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${login}/jwks`), { cooldownDuration: 200 })
const messages = []
let sent = []

class Refusal extends Error {
  constructor (status, error, message, headers) {
    super(message)
    Object.assign(this, { status, error, headers })
  }
}

async function check (request, scope) {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const { payload } = await jwtVerify(token ?? '', keys, { issuer: ISSUER, audience: AUDIENCE }).catch(error => {
    throw new Refusal(401, 'invalid_token', error.message, { 'www-authenticate': `Bearer realm="office", error="invalid_token", error_description="${error.message.replaceAll('"', "'")}"` })
  })
  if (!payload.scope?.split(' ').includes(scope)) {
    throw new Refusal(403, 'insufficient_scope', `this needs ${scope}`, { 'www-authenticate': `Bearer realm="office", error="insufficient_scope", scope="${scope}"` })
  }
}

async function send (mail) {
  sent = sent.filter(time => time > Date.now() - 60_000)
  if (sent.length >= PER_MINUTE) throw new Refusal(429, 'too_many_mails', `no more than ${PER_MINUTE} a minute`, { 'retry-after': '31' })
  const message = { id: `m${messages.length + 1}`, ...mail, state: 'queued', at: new Date().toISOString() }
  await fs.mkdir(folder, { recursive: true })
  await fs.writeFile(`${folder}/${message.id}.json`, JSON.stringify(message).padEnd(4096))
  sent.push(Date.now())
  messages.push(message)
  setTimeout(() => { message.state = 'sent' }, 150)
  return message
}

async function answer (request) {
  const url = new URL(request.url, 'http://office')
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  if (url.pathname === '/messages' && request.method === 'POST') {
    await check(request, 'mail:send')
    return [202, await send(JSON.parse(Buffer.concat(chunks)))]
  }
  if (url.pathname === '/messages') {
    await check(request, 'mail:send')
    const found = messages.filter(({ to }) => to === url.searchParams.get('to'))
    return [200, { messages: found, total: found.length }]
  }
  const kind = /^\/tariffs\/(\w+)$/.exec(url.pathname)?.[1]
  if (kind && TARIFFS[kind]) {
    await check(request, 'tariffs:read')
    return [200, { kind, currency: 'EUR', ...TARIFFS[kind] }]
  }
  throw new Refusal(404, 'not_found', 'there is no such page')
}

http.createServer(async (request, response) => {
  const [status, body, headers] = await answer(request).catch(error => [error.status ?? 500, { error: error.error ?? error.code ?? 'internal', message: error.message }, error.headers])
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}).listen(Number(port), '127.0.0.1')
