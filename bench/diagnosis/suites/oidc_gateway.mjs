// One door for the log-in of the library and for its office, by path: `node oidc_gateway.mjs PORT LOGIN OFFICE`. Who is
// behind it sees the host that was asked for; when that one is gone, the connection is reset, as if nothing stood in between.
import http from 'node:http'
import net from 'node:net'

const [port, login, office] = process.argv.slice(2).map(Number)

const behind = path => (/^\/(messages|tariffs)/.test(path) ? office : login)

/** Whether somebody listens there. */
const listens = other => new Promise(resolve => {
  const socket = net.connect(other, '127.0.0.1', () => { socket.destroy(); resolve(true) })
  socket.on('error', () => resolve(false))
})

http.createServer(async (request, response) => {
  if (request.url === '/ready') {
    const all = await Promise.all([login, office].map(listens))
    return response.writeHead(all.every(Boolean) ? 204 : 503).end()
  }
  const { method, url: path, headers } = request
  const onward = http.request({ host: '127.0.0.1', port: behind(path), method, path, headers, agent: false }, answer => {
    response.writeHead(answer.statusCode, answer.rawHeaders)
    answer.pipe(response)
    answer.on('error', () => response.destroy())
  })
  onward.on('error', () => request.socket.resetAndDestroy())
  request.pipe(onward)
}).listen(port, '127.0.0.1')
