// Parse Server as `npm` has it, with the shop's Cloud Code: `node parse_server.mjs FOLDER PRODUCT PORT DATABASE RATES`.
import http from 'node:http'
import { createRequire } from 'node:module'

const [folder, product, port, database, rates] = process.argv.slice(2)
const require = createRequire(`${folder}/node_modules/`)
const express = require('express')
const FilesAdapter = require('@parse/fs-files-adapter')
const { ParseServer, ParseGraphQLServer } = require('parse-server')

process.env.RATES_URL ??= `http://rates.shop.test:${rates}`
process.env.RATES_KEY ??= 'rk_shop_5QhX2m'
const { classes } = require(`${product}/cloud/classes.js`)
const limits = JSON.parse(process.env.SHOP_RATE_LIMITS ?? '[]')

const server = new ParseServer({
  databaseURI: `postgres://parse@127.0.0.1:${database}/parse`,
  cloud: `${product}/cloud/main.js`,
  appId: 'garden-shop',
  masterKey: process.env.SHOP_MASTER_KEY ?? 'mk_3WqYp7',
  javascriptKey: 'jk_9LxTf2',
  restAPIKey: 'rk_4NvBc8',
  masterKeyIps: ['0.0.0.0/0', '::/0'],
  // It asks itself: what it asks on its own account does not come by at the proxy.
  serverURL: `http://127.0.0.1:${port}/parse`,
  publicServerURL: 'http://api.shop.test:1337/parse',
  directAccess: true,
  allowClientClassCreation: false,
  enforcePrivateUsers: true,
  encodeParseObjectInCloudFunction: true,
  filesAdapter: new FilesAdapter({ filesSubDirectory: '../disk/files' }),
  fileUpload: { enableForAuthenticatedUser: true },
  idempotencyOptions: { paths: ['functions/placeOrder', 'functions/payOrder'], ttl: 300 },
  liveQuery: { classNames: ['Order'] },
  maxLimit: 500,
  sessionLength: Number(process.env.SHOP_SESSION_S ?? 31536000),
  accountLockout: { duration: 5, threshold: 4, ...JSON.parse(process.env.SHOP_LOCKOUT ?? '{}') },
  rateLimit: limits,
  schema: { definitions: classes, lockSchemas: false, strict: false, recreateModifiedFields: false, deleteExtraFields: false },
  ...JSON.parse(process.env.SHOP_SETTINGS ?? '{}'),
  silent: true,
  logsFolder: null
})
await server.start()

const app = express()
app.use('/parse', server.app)
new ParseGraphQLServer(server, { graphQLPath: '/graphql' }).applyGraphQL(app)
const listener = http.createServer(app)
listener.listen(Number(port), '127.0.0.1')
await ParseServer.createLiveQueryServer(listener)
