// Unleash as `npm` has it: `node unleash_server.mjs PACKAGES PORT DATABASE`.
import { pathToFileURL } from 'node:url'

const [packages, port, database] = process.argv.slice(2)
const { start } = await import(pathToFileURL(`${packages}/unleash-server/dist/lib/server-impl.js`))

await start({
  db: { host: '127.0.0.1', port: Number(database), user: 'unleash', password: 'none', database: 'unleash', ssl: false },
  server: { host: '127.0.0.1', port: Number(port), unleashUrl: 'http://flags.test:4242' },
  versionCheck: { enable: false },
  authentication: { type: 'open-source', initialAdminUser: { username: 'admin', password: 'Unleash4all!' } }
})
