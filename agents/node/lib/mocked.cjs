'use strict';
// Captures calls that an interceptor answers without a request of Node's or undici's: nock up to 13, undici's MockAgent,
// and what nock 14 or msw answer to `fetch`.

const { errorMonitor } = require('events');
const frames = require('./frames.cjs');
const { guard } = require('./guard.cjs');
const messages = require('./http-messages.cjs');
const { interceptor } = require('./mocks.cjs');
const { MockedCall, flat } = require('./mocked-call.cjs');
const own = require('./own.cjs');

/** The first nock that stands upon the package of the interceptors, which are watched themselves. */
const LATER_NOCK = 14;

/** nock up to 13 stands in for the request object itself. @param {any} exports of its file that answers, which is `id` */
function watchNock(recorder, exports, id) {
  const { version } = require(id.replace(/lib[\\/][^\\/]+$/, 'package.json'));
  if (parseInt(version, 10) >= LATER_NOCK) return;
  frames.before(exports, 'playbackInterceptor', guard('nock', (_, [asked]) => playback(recorder, asked)));
}

function playback(recorder, { req, options, requestBodyString, requestBodyIsUtf8Representable, response }) {
  const host = String(options.host || options.hostname).replace(/:\d+$/, '');
  const port = options.port && Number(options.port) !== (options.proto === 'https' ? 443 : 80) ? `:${options.port}` : '';
  const call = new MockedCall(recorder, {
    by: 'nock', client: 'node:http', method: req.method || options.method,
    url: `${options.proto}://${host}${port}${options.path}`, headers: flat(req.getHeaders()),
  });
  call.onSent(requestBodyString, requestBodyIsUtf8Representable ? 'utf8' : 'hex');
  const head = () => call.onHead(response.statusCode, response.rawHeaders.map(String));
  messages.follow(response, {
    onData: (bytes) => {
      head();
      call.onData(bytes);
    },
    onEnd: () => {
      head();
      call.onComplete();
    },
  });
  req.on(errorMonitor, guard('nock error', (error) => call.onError(error)));
  req.on('close', guard('nock close', () => call.onError({ code: 'ECONNRESET', message: 'socket hang up' })));
}

/** undici's mock answers without a request. @param {any} MockAgent */
function watchMockAgent(recorder, MockAgent) {
  const { created } = own.load('undici.cjs');
  const before = guard('undici mock', (_, [options, handler]) => ({ at: created.count, call: dispatched(recorder, options, handler) }));
  frames.around(MockAgent.prototype, 'dispatch', before, guard('undici mock end', (_, args, token, result, threw) => {
    if (!token || !token.call) return;
    if (created.count !== token.at) token.call.discard();
    else if (threw) token.call.onError({ code: 'UND_MOCK_ERR_MOCK_NOT_MATCHED', message: 'no mock matched' });
  }));
}

/** What a mock tells the handler of a request, in the words of undici up to 6, and since. @type {Record<string, (call: MockedCall, args: any[]) => void>} */
const TOLD = {
  onHeaders: (call, [status, headers]) => call.onHead(status, headers.map(String)),
  onData: (call, [bytes]) => call.onData(bytes),
  onComplete: (call) => call.onComplete(),
  onError: (call, [error]) => call.onError(error),
  onResponseStart: (call, [, status, headers]) => call.onHead(status, flat(headers)),
  onResponseData: (call, [, bytes]) => call.onData(bytes),
  onResponseEnd: (call) => call.onComplete(),
  onResponseError: (call, [, error]) => call.onError(error),
};

function dispatched(recorder, { method, origin, path, headers, body }, handler) {
  const pairs = Array.isArray(headers) && !Array.isArray(headers[0]) ? headers.map(String) : flat(headers);
  const call = new MockedCall(recorder, {
    by: 'undici MockAgent', client: 'undici', method, url: String(origin).replace(/\/$/, '') + path, headers: pairs,
  });
  call.onSent(body, 'utf8');
  for (const [name, tell] of Object.entries(TOLD)) {
    if (typeof handler[name] === 'function') frames.before(handler, name, guard(`undici mock ${name}`, (_, args) => tell(call, args)));
  }
  return call;
}

/** Where nock 14 and msw answer. @param {any} exports of a file of the package they share */
function watchInterceptors(recorder, { RequestController }) {
  const prototype = RequestController && RequestController.prototype;
  if (!prototype || watched.has(prototype)) return;
  watched.add(prototype);
  frames.before(prototype, 'respondWith', guard('interceptor answer', ({ request }, [response]) => {
    if (isFetch(request) && response instanceof Response) answered(recorder, request, response);
  }));
  frames.before(prototype, 'errorWith', guard('interceptor error', ({ request }, [reason]) => {
    if (isFetch(request)) fetched(recorder, request).onError(reason || new TypeError('Failed to fetch'));
  }));
}
/** Classes that are hooked. @type {WeakSet<object>} */
const watched = new WeakSet();

/** Calls of node:http are made into such requests, too; they are told by the socket that they travel on. */
function isFetch(request) {
  const raw = Object.getOwnPropertySymbols(request).map((symbol) => request[symbol]);
  return !raw.some((value) => value && typeof value === 'object' && typeof value.setHeader === 'function');
}

function fetched(recorder, request) {
  return new MockedCall(recorder, {
    by: interceptor(), client: 'fetch', method: request.method, url: request.url, headers: flat(request.headers),
  });
}

function answered(recorder, request, response) {
  const call = fetched(recorder, request);
  if (response.type === 'error') {
    call.onError({ code: 'TypeError', message: 'Failed to fetch' });
    return;
  }
  const limit = recorder.config.bodyBytes;
  const asked = read(request, limit, (bytes) => call.onSent(bytes));
  const answer = read(response, limit, (bytes) => call.onData(bytes));
  call.onHead(response.status, flat(response.headers));
  const complete = guard('interceptor end', () => call.onComplete());
  asked.then(() => answer).then(complete, complete);
}

/** Reads the beginning of a body from a copy, which leaves the body itself as it is. */
async function read(message, limit, tell) {
  if (!message.body || message.bodyUsed || message.body.locked) return;
  const reader = message.clone().body.getReader();
  let size = 0;
  for (let part = await reader.read(); !part.done && size < limit; part = await reader.read()) {
    size += part.value.length;
    tell(part.value);
  }
  if (size >= limit) await reader.cancel();
}

module.exports = { watchNock, watchMockAgent, watchInterceptors };
