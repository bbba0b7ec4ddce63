'use strict';
// Calls that no hook can see, because somebody stands in for the client itself: told as the gap `client-unseen`, once for
// each client, so that nobody takes a recording without calls for a test without calls.

const Module = require('module');
const http = require('http');
const { guard } = require('./guard.cjs');
const { existsSync } = require('./natives.cjs');
const own = require('./own.cjs');

/** What a test may replace, and how it was. */
const CLIENTS = [
  { name: 'fetch', owner: globalThis, key: 'fetch' },
  { name: 'http.request', owner: http, key: 'request' },
  { name: 'http.get', owner: http, key: 'get' },
];
/** Values that were looked at, by client. @type {Map<string, unknown>} */
const known = new Map(CLIENTS.map(({ name, owner, key }) => [name, lazily(owner, key)]));

/** Until it is used, global fetch is a function that loads undici; asking for it costs nothing. */
function lazily(owner, key) {
  const descriptor = Object.getOwnPropertyDescriptor(owner, key);
  return descriptor && descriptor.value;
}

/** Looks whether somebody stands in for a client since the last look. @param {import('./recorder.cjs').Recorder} recorder */
const look = guard('unseen', (recorder) => {
  for (const { name, owner, key } of CLIENTS) {
    const value = lazily(owner, key);
    if (value === known.get(name)) continue;
    known.set(name, value);
    if (typeof value === 'function') replaced(recorder, name, value);
  }
});

function replaced(recorder, name, value) {
  if (isInterceptor(value)) {
    if (!watchInterceptors(recorder)) recorder.gap('client-unseen', { detail: `${name}: what an interceptor answers is not seen` });
  } else if (isFake(value)) {
    recorder.gap('client-unseen', { detail: `${name} is a fake of the test: its calls are not seen` });
  }
}

/** Whether a function is that of the package on which msw and nock 14 stand. */
function isInterceptor(value) {
  return /\bRequestController\(/.test(Function.prototype.toString.call(value));
}

/** Fakes of sinon, Jest and Vitest. Their own, not what they may fall back to, decides what is called. */
function isFake(value) {
  return value.isSinonProxy === true || value._isMockFunction === true;
}

/** Loaded as ES modules, which no hook sees, these are there already: they are asked for where msw finds them. */
function watchInterceptors(recorder) {
  const project = Module.createRequire(`${process.cwd()}/package.json`);
  const through = Module.createRequire(project.resolve('msw/package.json'));
  const file = through.resolve('@mswjs/interceptors').replace(/\.cjs$/, '.mjs');
  if (!file.endsWith('.mjs') || !existsSync(file)) return false;
  own.load('mocked.cjs').watchInterceptors(recorder, Module.createRequire(file)(file));
  return true;
}

module.exports = { look };
