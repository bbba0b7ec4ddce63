// Ends TLS and hands on what comes, connection by connection: `node unleash_edge.mjs FOLDER PORT BEHIND`. Each connection
// gets the certificate whose name stands in the folder's file `certificate`.
import fs from 'node:fs'
import net from 'node:net'
import tls from 'node:tls'

const [folder, port, behind] = process.argv.slice(2)

function chosen () {
  const name = fs.readFileSync(`${folder}/certificate`, 'utf8').trim()
  return { cert: fs.readFileSync(`${folder}/${name}.crt`), key: fs.readFileSync(`${folder}/${name}.key`) }
}

const server = tls.createServer({
  ...chosen(),
  SNICallback: (_host, done) => done(null, tls.createSecureContext(chosen()))
}, client => {
  const target = net.connect(Number(behind), '127.0.0.1')
  client.pipe(target).pipe(client)
  // A reset on one side is one on the other.
  client.on('error', () => target.destroy())
  target.on('error', () => { client.destroy() })
  client.on('close', () => target.destroy())
  target.on('close', () => client.end())
})
server.on('tlsClientError', () => {})
server.listen(Number(port), '127.0.0.1')
