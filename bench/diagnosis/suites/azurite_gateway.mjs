// One door for the three services of Azurite, by the host that was asked for, or by `X-Service` where a case asks on its own
// account: `node azurite_gateway.mjs PORT BLOBS QUEUES TABLES`. When nobody is behind it, the connection is reset, as if
// nothing stood in between.
import http from 'node:http'
import net from 'node:net'

const [port, blobs, queues, tables] = process.argv.slice(2).map(Number)

const behind = name => (/^queue\b/.test(name) ? queues : /^table\b/.test(name) ? tables : blobs)

/** Whether somebody listens there. */
const listens = other => new Promise(resolve => {
  const socket = net.connect(other, '127.0.0.1', () => { socket.destroy(); resolve(true) })
  socket.on('error', () => resolve(false))
})

http.createServer(async (request, response) => {
  if (request.url === '/ready') {
    const all = await Promise.all([blobs, queues, tables].map(listens))
    return response.writeHead(all.every(Boolean) ? 204 : 503).end()
  }
  const { method, url: path, headers } = request
  const onward = http.request({ host: '127.0.0.1', port: behind(headers['x-service'] ?? headers.host), method, path, headers, agent: false }, answer => {
    response.writeHead(answer.statusCode, answer.rawHeaders)
    answer.pipe(response)
    answer.on('error', () => response.destroy())
  })
  onward.on('error', () => request.socket.resetAndDestroy())
  request.pipe(onward)
}).listen(port, '127.0.0.1')
