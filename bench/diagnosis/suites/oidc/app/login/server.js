// The log-in of the library: oidc-provider, the pages that it wants from us, and what its operators may do.
// `node server.js PORT`
import http from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { configuration, ISSUER } from './settings.js'
import { answerInteraction, describeInteraction } from './interactions.js'

const OPERATOR = 'Bearer operator-Magazin9'
const keys = []
let provider

/** Signs with a new key from now on; the ones before stay good for what they have signed. */
async function rotate () {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  keys.unshift({ ...(await exportJWK(privateKey)), kid: `key-${keys.length + 1}`, alg: 'RS256', use: 'sig' })
  provider = new Provider(ISSUER, configuration(keys))
  provider.proxy = true
}

async function operate (request, response) {
  const send = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (request.headers.authorization !== OPERATOR) return send(401, { error: 'operators only' })
  if (request.url === '/operator/keys' && request.method === 'POST') {
    await rotate()
    return send(201, { kid: keys[0].kid, keys: keys.length })
  }
  return send(404, { error: 'no such page' })
}

await rotate()
http.createServer((request, response) => {
  const failed = error => response.writeHead(error.statusCode ?? 500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: error.error ?? 'server_error', error_description: error.error_description ?? error.message }))
  if (request.url.startsWith('/operator/')) return operate(request, response).catch(failed)
  if (request.url.startsWith('/interaction/')) {
    const act = request.method === 'POST' ? answerInteraction : describeInteraction
    return act(provider, request, response).catch(failed)
  }
  return provider.callback()(request, response)
}).listen(Number(process.argv[2]), '127.0.0.1')
