// The rates service, which the shop buys from somebody else: taxes and shipping by country. `node parse_rates.mjs FILE PORT`;
// the file says what it has today, and is read at each call.
import fs from 'node:fs'
import http from 'node:http'

const [file, port] = process.argv.slice(2)
let calls = 0

function answer (request, url, body) {
  const today = JSON.parse(fs.readFileSync(file, 'utf8'))
  if (!today.keys.includes(request.headers['x-api-key'])) return [401, { error: 'this API key is unknown or was revoked' }]
  if (++calls > today.quota) return [429, { error: `the quota of this month (${today.quota} calls) is used up` }]
  const [, version, what, country] = url.pathname.split('/')
  if (version !== 'v1' || today[what] === undefined) return [404, { error: `no such route: ${url.pathname}` }]
  if (request.method === 'PUT') {
    today[what][country] = body.value
    fs.writeFileSync(file, JSON.stringify(today))
    return [200, { country, value: body.value }]
  }
  const value = today[what][country]
  if (value === undefined) return [404, { error: `no ${what} for ${country}` }]
  if (what === 'tax') return [200, { country, [today.percentKey ?? 'percent']: value }]
  const [cents, days] = value
  return [200, { country, cents: cents + Math.ceil(Number(url.searchParams.get('grams') ?? 0) / 1000) * 100, days, currency: 'EUR' }]
}

http.createServer(async (request, response) => {
  let text = ''
  for await (const piece of request) text += piece
  const [status, body] = answer(request, new URL(request.url, 'http://rates.shop.test'), text && JSON.parse(text))
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}).listen(Number(port), '127.0.0.1')
