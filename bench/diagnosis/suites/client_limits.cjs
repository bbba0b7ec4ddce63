// Loaded before the tests of the Node suites: gives their clients limits and, where a case asks for it, retries.
//
// Read from the environment, so that passing recordings and cases differ in nothing else. It can also lose a name: after
// so many look-ups a host is known no more, which no proxy can bring about.
'use strict'

const { createRequire } = require('node:module')
const dns = require('node:dns')
const path = require('node:path')

const ofSuite = createRequire(path.join(process.cwd(), 'package.json'))

/** Runs `change` on a package, if the suite has it. */
function on (name, change) {
  try {
    ofSuite.resolve(name)
  } catch {
    return
  }
  change(ofSuite(name))
}

on('aws-sdk', (AWS) => {
  const timeout = Number(process.env.CASE_TIMEOUT ?? 5000)
  AWS.config.update({
    maxRetries: Number(process.env.CASE_RETRIES ?? 0),
    httpOptions: { timeout, connectTimeout: timeout }
  })
})

// It waits for ever, as the tests do not say otherwise: their runner gives up first.
if (process.env.CASE_TIMEOUT !== undefined) {
  on('request', ({ Request }) => {
    const plain = Request.prototype.init
    Request.prototype.init = function (options) {
      this.timeout = Number(process.env.CASE_TIMEOUT)
      return plain.call(this, options)
    }
  })
}

if (process.env.CASE_LOST_NAME !== undefined) {
  const plain = dns.lookup
  let lookedUp = 0
  dns.lookup = function (host, options, callback) {
    if (host !== process.env.CASE_LOST_NAME) {
      return plain.call(this, host, options, callback)
    }
    lookedUp += 1
    if (lookedUp <= Number(process.env.CASE_LOST_NAME_AFTER ?? 0)) {
      return plain.call(this, host, options, callback)
    }
    const lost = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
      errno: -3008, code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host
    })
    process.nextTick(typeof options === 'function' ? options : callback, lost)
  }
}
