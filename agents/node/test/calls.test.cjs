'use strict';
// Outgoing calls by every client, and the requests that servers in the same process receive.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { createHmac } = require('node:crypto');
const { record, below, KEY } = require('./harness.cjs');

/** A server for the suites, which leave its address in `base`. */
const SERVER = `
const http = require('http'); const assert = require('assert');
let server, base, port;
const answers = {
  '/json': (q, r) => r.setHeader('content-type', 'application/json').end('{"ok":true}'),
  '/echo': (q, r) => q.pipe(r),
  '/503': (q, r) => r.writeHead(503, { 'retry-after': '1' }).end('busy'),
  '/cut': (q, r) => { r.write('half'); setImmediate(() => setTimeout(() => q.socket.destroy(), 20)); },
  '/reset-midway': (q, r) => { r.write('half'); setImmediate(() => setTimeout(() => q.socket.resetAndDestroy(), 20)); },
  '/refused-halfway': (q, r) => r.writeHead(429, { 'content-length': 1000 }).write('half'),
  '/reset': (q) => q.socket.destroy(),
  '/hang': () => {},
  '/head': (q, r) => r.writeHead(200, { 'content-length': 5 }).end(),
  '/gzip': (q, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(require('zlib').gzipSync('plain')),
  '/bytes': (q, r) => r.end(Buffer.from([0, 255, 1])),
  '/large': (q, r) => r.end(Buffer.alloc(1000, 'a')),
  '/to': (q, r) => r.writeHead(302, { location: '/json' }).end(),
  '/moved': (q, r) => r.writeHead(302, { location: '/json' }).write('moved'),
  '/traceparent': (q, r) => r.end(String(q.headers.traceparent)),
};
const call = (path, { body, ...options } = {}) => new Promise((resolve, reject) => {
  const request = http.request(base + path, options, (response) => {
    let text = '';
    response.on('data', (chunk) => { text += chunk; }).on('end', () => resolve(text)).on('error', reject);
  }).on('error', reject);
  request.end(body);
});
before((done) => {
  server = http.createServer((q, r) => answers[q.url.split('?')[0]](q, r)).listen(0, '127.0.0.1', () => {
    port = server.address().port; base = 'http://127.0.0.1:' + port; done();
  });
});
after(() => { server.close(); server.closeAllConnections(); });
`;

const hmac = (text) => createHmac('sha256', Buffer.from(KEY, 'hex')).update(text).digest('hex').slice(0, 32);

/** Records one test with this body and checks the exchanges it makes, each against a part of its attributes. */
function check(title, body, expected, { settings, more, env } = {}) {
  test(title, async () => {
    const source = body.toString();
    const statements = source.slice(source.indexOf('{') + 1, source.lastIndexOf('}'));
    const recording = await record({
      files: { 'suite.cjs': `${SERVER}\nit('calls', async () => {${statements}});` }, settings, env,
    });
    assert.equal(recording.code, 0, recording.stdout + recording.stderr);
    assert.equal(recording.exchanges.length, expected.length, JSON.stringify(recording.exchanges, null, 1));
    expected.forEach((attributes, index) => {
      const { attrs } = recording.exchanges[index];
      const seen = Object.fromEntries(Object.keys(attributes).map((key) => [key, attrs[key]]));
      assert.deepEqual(seen, attributes);
      assert.equal(recording.exchanges[index].trace, recording.attempts[0].trace);
    });
    if (more) more(recording);
    else assert.deepEqual(recording.gaps, []);
  });
}

const whole = { 'flakescope.attribution': 'context', 'flakescope.phase': 'body', 'flakescope.http.response.complete': true };

check('node:http, both bodies', async () => {
  await call('/echo?a=1', { method: 'POST', body: 'grüße', headers: { 'X-One': 'a', 'x-two': ['b', 'c'] } });
}, [{
  ...whole,
  'http.request.method': 'POST',
  'http.response.status_code': 200,
  'http.request.body.content': 'grüße',
  'http.request.body.size': 7,
  'http.response.body.content': 'grüße',
  'flakescope.http.request.body.hash': hmac('grüße'),
  'flakescope.http.response.body.hash': hmac('grüße'),
  'http.request.header.x-one': ['a'],
  'http.request.header.x-two': ['b', 'c'],
  'flakescope.http.request.header_order': ['X-One', 'x-two', 'x-two', 'Host', 'Connection', 'Content-Length'],
  'flakescope.http.connection_reused': false,
  'network.peer.address': '127.0.0.1',
  'network.protocol.version': '1.1',
  'error.type': undefined,
}], {
  more: ({ exchanges: [{ attrs }], gaps }) => {
    assert.deepEqual(gaps, []);
    const [connect, sent, head] = ['connect', 'request', 'first_byte'].map((at) => attrs[`flakescope.http.${at}_offset_ns`]);
    assert.ok(0 <= connect && connect <= sent && sent <= head + 5e6, `${connect} ${sent} ${head}`);
    assert.match(attrs['url.full'], /^http:\/\/127\.0\.0\.1:\d+\/echo\?a=1$/);
  },
});

check('a refused quota is an error with its status', async () => { await call('/503'); }, [{
  ...whole, 'http.response.status_code': 503, 'error.type': '503', 'http.response.header.retry-after': ['1'], 'http.response.body.content': 'busy',
}]);

check('a code in words beats the name of an error', async () => {
  // The AWS SDK renames the errors of connections that were cut.
  const renamed = (path) => new Promise((done) => {
    http.get(base + path).prependListener('error', (error) => { error.name = 'TimeoutError'; }).on('error', done);
  });
  await renamed('/reset');
  await assert.rejects(call('/hang', { signal: AbortSignal.timeout(50) }));
}, [
  { 'error.type': 'ECONNRESET', 'http.response.status_code': undefined },
  { 'error.type': 'timeout', 'flakescope.http.aborted_by': 'client' },
]);

check('what an error said when it was first seen', async () => {
  // Libraries put their own words into the same object: the AWS SDK 2 does so with every error of a connection.
  const rewritten = (options) => new Promise((done) => {
    http.get(options).on('error', (error) => done(Object.assign(error, { code: 'NetworkingError', name: 'TimeoutError', message: 'rewritten' })));
  });
  const free = await new Promise((done) => { const s = http.createServer().listen(0, () => { const { port: p } = s.address(); s.close(() => done(p)); }); });
  await rewritten({ port: free, host: '127.0.0.1' });
  await rewritten({ port, host: '127.0.0.1', path: '/reset' });
}, [
  { 'error.type': 'ECONNREFUSED' },
  { 'error.type': 'ECONNRESET', 'error.message': 'socket hang up', 'flakescope.http.aborted_by': 'peer' },
], { more: ({ exchanges: [refused] }) => assert.match(refused.attrs['error.message'], /^connect ECONNREFUSED/) });

const half = {
  'flakescope.http.aborted_by': 'peer', 'http.response.status_code': 200, 'flakescope.http.response.complete': false, 'http.response.body.content': 'half',
};

const left = {
  'flakescope.http.aborted_by': 'client', 'error.type': '429', 'error.message': undefined, 'http.response.status_code': 429,
  'flakescope.http.response.complete': false, 'http.response.body.content': 'half',
};

check('an answer that its client leaves has not failed', async () => {
  const head = (of = {}) => new Promise((done) => { http.get(base + '/refused-halfway', of, (response) => response.once('readable', () => done(response))); });
  const closed = (response) => new Promise((done) => { response.on('close', done).destroy(); });
  await closed(await head());
  for await (const part of (await fetch(base + '/refused-halfway')).body) break;
  // What a caller says when it gives up is its failure.
  const giveUp = new AbortController();
  const answer = await head({ signal: giveUp.signal });
  await new Promise((done) => { answer.on('error', () => {}).on('close', done); giveUp.abort(); });
  const other = new AbortController();
  const body = (await fetch(base + '/refused-halfway', { signal: other.signal })).text();
  other.abort();
  await assert.rejects(body);
}, [
  left, left,
  { ...left, 'error.type': 'ABORT_ERR', 'error.message': 'The operation was aborted' },
  { ...left, 'error.type': 'AbortError', 'error.message': 'This operation was aborted' },
]);

check('a reset, and an answer that is cut', async () => {
  await assert.rejects(call('/reset'));
  // Libraries such as follow-redirects clean up by destroying what has failed.
  await new Promise((done) => { const q = http.get(base + '/reset'); q.on('error', () => { q.destroy(); done(); }); });
  await assert.rejects(call('/reset-midway'));
  await assert.rejects(fetch(base + '/reset-midway').then((answer) => answer.text()));
}, [
  { 'error.type': 'ECONNRESET', 'flakescope.http.aborted_by': 'peer', 'http.response.status_code': undefined },
  { 'error.type': 'ECONNRESET', 'flakescope.http.aborted_by': 'peer', 'http.response.status_code': undefined },
  ...['node:http', 'fetch'].map((client) => ({ ...half, 'flakescope.client': client, 'error.type': 'ECONNRESET' })),
]);

check('an answer that ends before its end', async () => {
  await assert.rejects(call('/cut'));
  await assert.rejects(fetch(base + '/cut').then((answer) => answer.text()));
}, ['node:http', 'fetch'].map((client) => ({ ...half, 'flakescope.client': client, 'error.type': 'premature-end' })));

check('a client that gives up', async () => {
  await new Promise((done) => { const q = http.get(base + '/hang', { timeout: 20 }); q.on('timeout', () => q.destroy()).on('error', done); });
  await new Promise((done) => { const q = http.get(base + '/hang'); q.on('error', done).on('socket', (s) => s.once('connect', () => q.destroy())); if (q.reusedSocket) q.destroy(); });
  await (await fetch(base + '/json')).text(); // Connects, so that the next call is under way when it is cut.
  await assert.rejects(fetch(base + '/hang', { signal: AbortSignal.timeout(100) }));
}, [
  { 'error.type': 'timeout', 'flakescope.http.aborted_by': 'client', 'flakescope.http.timeout_ms': 20 },
  { 'error.type': 'ECONNRESET', 'flakescope.http.aborted_by': 'client' },
  { 'http.response.status_code': 200 },
  { 'error.type': 'timeout', 'flakescope.http.aborted_by': 'client', 'flakescope.client': 'fetch' },
]);

check('a connection that is refused', async () => {
  const free = await new Promise((done) => { const s = http.createServer().listen(0, () => { const { port: p } = s.address(); s.close(() => done(p)); }); });
  await assert.rejects(new Promise((_, reject) => http.get({ port: free, host: '127.0.0.1' }).on('error', reject)));
  await assert.rejects(fetch('http://127.0.0.1:' + free));
}, [
  { 'error.type': 'ECONNREFUSED', 'flakescope.http.aborted_by': undefined, 'flakescope.client': 'node:http' },
  { 'error.type': 'ECONNREFUSED', 'flakescope.http.aborted_by': undefined, 'flakescope.client': 'fetch' },
]);

check('bodies that are no text, coded, absent or too long', async () => {
  await call('/bytes');
  await call('/gzip');
  await call('/head', { method: 'HEAD' });
  await call('/large');
}, [
  { 'http.response.body.content': { $bytes: 'AP8B' }, 'http.response.body.size': 3 },
  { 'http.response.header.content-encoding': ['gzip'] },
  { 'http.response.body.size': 0, 'flakescope.http.response.complete': true },
  {
    'http.response.body.content': 'a'.repeat(100), 'http.response.body.size': 1000, 'flakescope.http.response.body.truncated': true,
    'flakescope.http.response.body.hash': hmac('a'.repeat(1000)),
  },
], {
  settings: { capture: { body_bytes: 100 } },
  more: ({ gaps, exchanges }) => {
    assert.deepEqual(gaps.map(({ kind }) => kind), ['body-cut']);
    assert.ok(exchanges[1].attrs['http.response.body.content'].$bytes);
  },
});

check('the bodies of one attempt are bounded together', async () => {
  for (let count = 0; count < 3; count += 1) await call('/large');
}, [
  { 'http.response.body.content': 'a'.repeat(1000) },
  { 'http.response.body.content': 'a'.repeat(1000) },
  { 'http.response.body.content': undefined, 'http.response.body.size': 1000, 'flakescope.http.response.body.hash': hmac('a'.repeat(1000)) },
], { settings: { capture: { attempt_bytes: 2500 } }, more: ({ gaps }) => assert.deepEqual(gaps.map(({ kind }) => kind), ['attempt-budget']) });

check('fetch: bodies, and a redirect as two exchanges', async () => {
  assert.deepEqual(await (await fetch(base + '/json')).json(), { ok: true });
  assert.equal(await (await fetch(base + '/echo', { method: 'POST', body: 'sent' })).text(), 'sent');
  await (await fetch(base + '/to')).text();
}, [
  { ...whole, 'flakescope.client': 'fetch', 'http.response.body.content': '{"ok":true}' },
  { ...whole, 'http.request.body.content': 'sent', 'http.response.body.content': 'sent', 'flakescope.http.request.body.hash': hmac('sent') },
  { ...whole, 'http.response.status_code': 302 },
  { ...whole, 'http.response.status_code': 200 },
]);

for (const version of ['undici-5', 'undici-6']) {
  check(`${version} of the project's own`, async () => {
    const { request } = require(process.env.UNDICI);
    await (await request(base + '/echo', { method: 'POST', body: 'sent', headersTimeout: 5000 })).body.text();
  }, [{
    ...whole, 'flakescope.client': 'undici', 'http.request.body.content': 'sent', 'http.response.body.content': 'sent', 'flakescope.http.timeout_ms': 5000,
  }], { env: { UNDICI: version } });
}

check('axios is node:http below', async () => {
  const axios = require('axios');
  await axios.post(base + '/echo', { a: 1 });
  await assert.rejects(axios.get(base + '/503'));
}, [
  { ...whole, 'flakescope.client': 'node:http', 'http.request.body.content': '{"a":1}' },
  { ...whole, 'http.response.status_code': 503 },
]);

check('nock answers, and says so', async () => {
  const nock = require('nock');
  nock('http://api.example.test').get('/a').reply(404, 'mocked');
  const status = await new Promise((done) => http.get('http://api.example.test/a', (r) => { r.resume(); r.on('end', () => done(r.statusCode)); }));
  assert.equal(status, 404);
  nock.disableNetConnect();
  await assert.rejects(call('/json'), { code: 'ENETUNREACH' });
  nock.restore();
}, [
  { 'http.response.status_code': 404, 'flakescope.mocked': 'nock', 'http.response.body.content': 'mocked' },
  { 'error.type': 'ENETUNREACH' },
]);

check('a server in this process is found without a header', async () => {
  assert.equal(await call('/traceparent'), 'undefined');
}, [{ 'http.response.body.content': 'undefined' }], {
  more: ({ spans, exchanges: [exchange] }) => {
    const [server] = below(spans, exchange);
    assert.equal(server.kind, 2);
    assert.equal(server.attrs['url.path'], '/traceparent');
    assert.equal(server.attrs['http.response.status_code'], 200);
  },
});

test('a server in another process gets a traceparent and answers below the call', async () => {
  const recording = await record({
    files: {
      'server.cjs': () => {
        const http = require('http');
        http.createServer((q, r) => {
          if (q.url === '/inner') { r.end(q.headers.traceparent); return; }
          q.on('data', () => {}).on('end', () => http.get({ port: q.socket.localPort, path: '/inner' }, (x) => x.pipe(r)));
        }).listen(0, function () { process.send(this.address().port); });
      },
      'suite.cjs': () => {
        const http = require('http');
        const { fork } = require('child_process');
        let child, port;
        before((done) => { child = fork('./server.cjs'); child.once('message', (p) => { port = p; done(); }); });
        after((done) => { child.once('exit', () => done()).kill(); });
        const get = (headers) => new Promise((done) => { http.request({ port, method: 'POST', headers }, (r) => { r.resume(); r.on('end', done); }).end('x'); });
        it('calls', () => get());
        it('has its own', () => get({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }));
        it('fetches', async () => { await (await fetch(`http://localhost:${port}`, { method: 'POST', body: 'x' })).text(); });
      },
    },
    args: ['suite.cjs'],
  });
  assert.equal(recording.code, 0, recording.stdout + recording.stderr);
  const [calls, own, fetches] = recording.attempts;
  for (const attempt of [calls, fetches]) {
    const [exchange] = below(recording.spans, attempt);
    const [server] = below(recording.spans, exchange);
    assert.equal(server.attrs['url.path'], '/', 'the service answers below the call');
    const [inner] = below(recording.spans, server);
    assert.equal(inner.attrs['flakescope.attribution'], 'traceparent');
    assert.equal(below(recording.spans, inner).length, 1, 'and its own calls below that');
    assert.equal(Object.keys(exchange.attrs).includes('http.request.header.traceparent'), false, 'what we add is not the client\'s');
  }
  const [exchange] = below(recording.spans, own);
  assert.deepEqual(exchange.attrs['http.request.header.traceparent'], [`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`]);
  assert.equal(recording.servers.filter(({ trace }) => trace === 'a'.repeat(32)).length, 2);
  const listens = recording.records.filter(({ t }) => t === 'listen');
  assert.deepEqual(listens.map(({ open }) => open), [true]);
});

test('work that outlives its test keeps its trace, and shared connections carry no context over', async () => {
  const { attempts, exchanges } = await record({
    files: {
      'suite.cjs': `${SERVER}
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        let late;
        it('leaves a call behind', async () => { await call('/json', { agent }); late = new Promise((r) => setTimeout(r, 30)).then(() => call('/json?late', { agent })); });
        it('waits', async () => { await call('/json?own', { agent }); await late; });`,
    },
  });
  const [first, second] = attempts;
  assert.deepEqual(exchanges.map(({ trace, attrs }) => [trace, attrs['url.full'].split('/').pop(), attrs['flakescope.phase']]), [
    [first.trace, 'json', 'body'],
    [second.trace, 'json?own', 'body'],
    [first.trace, 'json?late', 'after'],
  ]);
});

test('without a context the only running test is it', async () => {
  const { attempts: [attempt], exchanges: [exchange] } = await record({
    files: {
      'suite.cjs': `${SERVER}
        const { EventEmitter } = require('events'); const bus = new EventEmitter();
        let wake; const pump = (async () => { await new Promise((r) => { wake = r; }); await call('/json'); bus.emit('done'); })();
        it('lost', (done) => { bus.once('done', done); wake(); void pump; });`,
    },
  });
  assert.equal(exchange.trace, attempt.trace);
  assert.equal(exchange.attrs['flakescope.attribution'], 'only-running-test');
});

check('what a client says about its tries', async () => {
  const say = (headers) => call('/json', { headers });
  await say({ 'amz-sdk-invocation-id': 'one', 'idempotency-key': 'mine' });
  await say({ 'x-ms-client-request-id': 'two' });
  await say({ 'idempotency-key': 'stripe-node-retry-three' });
  await say({ 'idempotency-key': 'mine' });
}, ['one', 'two', 'stripe-node-retry-three', undefined].map((group) => ({ 'flakescope.retry.group': group })));

check('how busy the event loop was', async () => {
  const busy = call('/json');
  setImmediate(() => {
    const end = process.hrtime.bigint() + 300000000n;
    while (process.hrtime.bigint() < end);
  });
  await busy;
  await call('/hang', { signal: AbortSignal.timeout(300) }).catch(() => {});
}, [{}, {}], {
  more: ({ exchanges: [busy, waiting] }) => {
    const active = ({ attrs }) => attrs['flakescope.event_loop.active_ms'];
    assert.ok(active(busy) >= 300, `active for ${active(busy)} ms`);
    assert.ok(active(waiting) < 300, `active for ${active(waiting)} ms`);
  },
});

check('a request that waits for the socket of its pool', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await Promise.all([call('/json', { agent }), call('/json', { agent })]);
  agent.destroy();
}, [false, true].map((reused) => ({ 'flakescope.http.connection_reused': reused })), {
  more: ({ exchanges: [, second] }) => assert.equal(second.attrs['flakescope.http.connect_offset_ns'], undefined),
});

check('a redirect whose body its follower leaves unread', async () => {
  await new Promise((resolve) => {
    http.get(`${base}/moved`, (response) => {
      response.destroy();
      response.on('close', resolve);
    }).on('error', () => {});
  });
}, [{
  'http.response.status_code': 302, 'error.type': undefined, 'error.message': undefined,
  'flakescope.http.aborted_by': 'client', 'flakescope.http.response.complete': false,
}]);

check('nock 13 answers in place of the request object', async () => {
  const nock = require('nock-13');
  nock('http://api.example').get('/a').reply(200, 'A').get('/b').reply(503, { why: 'B' });
  for (const path of ['/a', '/b']) {
    await new Promise((resolve) => http.get(`http://api.example${path}`, (response) => response.resume().on('end', resolve)));
  }
  nock.restore();
}, [
  { 'url.full': 'http://api.example/a', 'flakescope.mocked': 'nock', 'http.response.status_code': 200, 'http.response.body.content': 'A' },
  { 'url.full': 'http://api.example/b', 'flakescope.mocked': 'nock', 'http.response.status_code': 503, 'http.response.body.content': '{"why":"B"}' },
]);

check('a MockAgent answers', async () => {
  const { MockAgent, request } = require('undici-6');
  const dispatcher = new MockAgent();
  dispatcher.get('http://api.example').intercept({ path: '/a' }).reply(200, 'A');
  assert.equal(await (await request('http://api.example/a', { dispatcher })).body.text(), 'A');
}, [{ 'url.full': 'http://api.example/a', 'flakescope.mocked': 'undici MockAgent', 'http.response.status_code': 200, 'http.response.body.content': 'A' }]);
