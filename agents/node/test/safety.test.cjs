'use strict';
// The host never notices: same output, same exit code, whatever its tests do to the platform and whatever befalls
// the spool.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { record, start, makeSpool, makeSuite, readSpool, AGENT } = require('./harness.cjs');

const CALL = `
const http = require('http');
let server, port;
before((done) => { server = http.createServer((q, r) => r.end('ok')).listen(0, '127.0.0.1', () => { port = server.address().port; done(); }); });
after(() => server.close());
const call = () => new Promise((resolve, reject) => http.get({ port, host: '127.0.0.1' }, (r) => { r.resume(); r.on('end', resolve); }).on('error', reject));
`;

/** Nothing is missing: the call of each test is there, whole. */
function checkRecorded(title, suite, { calls = 1, args, env } = {}) {
  test(title, async () => {
    const recording = await record({ files: { 'suite.cjs': CALL + suite }, args, env });
    assert.equal(recording.code, 0, recording.stdout + recording.stderr);
    assert.deepEqual(recording.gaps, []);
    const whole = recording.exchanges.filter(({ end, attrs }) => end && attrs['http.response.body.content'] === 'ok');
    assert.equal(whole.length, calls);
    assert.ok(recording.attempts.every(({ start: from, end }) => BigInt(end) >= BigInt(from) && BigInt(end) - BigInt(from) < 60n * 10n ** 9n));
    assert.equal(recording.records.at(-1).t, 'end');
  });
}

checkRecorded('fake timers', `
const clock = require('sinon').useFakeTimers({ now: 0, toFake: ['setTimeout', 'setInterval', 'Date', 'hrtime', 'performance', 'nextTick', 'queueMicrotask'] });
clock.restore();
it('calls', async () => {
  const faked = require('sinon').useFakeTimers({ now: 0, toFake: ['setTimeout', 'Date', 'hrtime', 'performance'] });
  try { await call(); } finally { faked.restore(); }
});`);

if (Number(process.versions.node.split('.')[0]) < 26) {
  checkRecorded('a mocked file system', `
const mock = require('mock-fs');
afterEach(() => mock.restore());
it('calls', async () => { mock({ '/data/file': 'mocked' }); await call(); });`);
}

checkRecorded('stubbed globals', `
const sinon = require('sinon'); const fs = require('fs'); const crypto = require('crypto');
afterEach(() => sinon.restore());
it('calls', async () => {
  const stubs = [
    sinon.stub(fs, 'writeSync').throws(new Error('stubbed')), sinon.stub(fs, 'openSync').throws(new Error('stubbed')),
    sinon.stub(fs, 'readFileSync').throws(new Error('stubbed')), sinon.stub(crypto, 'createHmac').throws(new Error('stubbed')),
    sinon.stub(JSON, 'stringify').throws(new Error('stubbed')), sinon.stub(console, 'log'), sinon.stub(process, 'nextTick').callThrough(),
    sinon.stub(Math, 'random').returns(0),
  ];
  console.log('to nobody');
  await call();
  const called = stubs.slice(0, 5).filter((stub) => stub.called).length;
  sinon.restore();
  require('assert').equal(called, 0);
});`);

checkRecorded('process.exit', `
it('calls', () => call());
after(() => process.exit(0));`);

checkRecorded('mocha --exit with an open handle', `
it('calls', () => call());
after(() => { setInterval(() => {}, 1000); });`, { args: ['--exit'] });

/** Runs the same program with and without the agent, and compares all that it says. */
function checkSame(title, files, { args = Object.keys(files), nodeArgs = [], mocha = true } = {}) {
  test(title, async () => {
    const folder = makeSuite(files);
    const spool = makeSpool();
    try {
      const command = [...nodeArgs, ...(mocha ? [path.join(__dirname, 'node_modules/mocha/bin/mocha.js')] : []), ...args];
      const plain = await start(command, { cwd: folder }).done;
      const recorded = await start(command, {
        cwd: folder, env: { FLAKESCOPE_SPOOL: spool, NODE_OPTIONS: `--require ${JSON.stringify(AGENT)}` },
      }).done;
      const steady = ({ stdout, stderr, ...rest }) => ({ ...rest, stdout: withoutTimes(stdout), stderr: withoutTimes(stderr) });
      assert.deepEqual(steady(recorded), steady(plain));
      assert.ok(readSpool(spool).records.length > 1);
    } finally {
      fs.rmSync(spool, { recursive: true, force: true });
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
}

const withoutTimes = (text) => text.replace(/ ?\(\d+m?s\)/g, '').replace(/localhost:\d+|127\.0\.0\.1:\d+/g, 'HOST');

/** Up to Node 22 any use of asynchronous context adds a last frame of Node's own, which `console.trace` shows. */
const TRACE = Number(process.versions.node.split('.')[0]) < 24 ? '' : "it('traces', () => console.trace('where'));";

checkSame('stacks of failures in callbacks of calls', {
  'suite.cjs': `${CALL}
it('in the response', (done) => { http.get({ port, host: '127.0.0.1' }, () => { throw new Error('response'); }); void done; });
it('in data', (done) => { http.get({ port, host: '127.0.0.1' }, (r) => r.on('data', () => { throw new Error('data'); })); void done; });
it('in the request', () => { http.get({ port: 99999999 }); });
it('in write', () => { const q = http.request({ port, method: 'POST' }); q.on('error', () => {}); try { q.write(7); } finally { q.destroy(); } });
it('in the server', (done) => { const s = http.createServer(() => { s.close(); throw new Error('server'); }).listen(0, () => http.get({ port: s.address().port }).on('error', () => {})); void done; });
${TRACE}
it('says', () => console.error('said'));
it('asserts', () => require('assert').equal(1, 2));`,
}, { args: ['--exit', 'suite.cjs'] });

checkSame('a suite that cannot be loaded', { 'suite.cjs': "require('./missing.cjs')" });
checkSame('a script that fails', { 'script.cjs': "console.log('out'); setImmediate(() => { throw new Error('uncaught'); });" }, { mocha: false });
checkSame('a script that is a module', { 'script.mjs': "import { request } from 'node:http'; console.log(request.name, request.length); process.exitCode = 3;" }, { mocha: false });

test('without a spool, or when told so, nothing is loaded', async () => {
  const spool = makeSpool();
  const print = ['-e', "console.log(Symbol.for('flakescope.agent') in globalThis)"];
  const environments = [{}, { FLAKESCOPE_SPOOL: '/nowhere/at/all' }, { FLAKESCOPE_SPOOL: spool, FLAKESCOPE_DISABLE: '1' }];
  for (const env of environments) {
    const { stdout, code } = await start(['--require', AGENT, ...print], { env }).done;
    assert.deepEqual([stdout, code], ['false\n', 0]);
  }
  const { stdout } = await start(['--require', AGENT, ...print], { env: { FLAKESCOPE_SPOOL: spool } }).done;
  assert.equal(stdout, 'true\n');
  fs.rmSync(spool, { recursive: true });
});

test('package managers are left alone', async () => {
  const spool = makeSpool();
  const folder = makeSuite({ 'npm-cli.js': "console.log(Symbol.for('flakescope.agent') in globalThis)" });
  const { stdout } = await start(['--require', AGENT, path.join(folder, 'npm-cli.js')], { env: { FLAKESCOPE_SPOOL: spool } }).done;
  assert.equal(stdout, 'false\n');
  assert.deepEqual(readSpool(spool).records, []);
  for (const path of [spool, folder]) fs.rmSync(path, { recursive: true });
});

test('a spool that is removed stops the agent, not the tests', async () => {
  const { code, stdout } = await record({
    files: { 'suite.cjs': `${CALL}
      it('calls', () => call());
      it('loses the spool', () => { for (const f of require('fs').readdirSync(process.env.FLAKESCOPE_SPOOL)) require('fs').rmSync(process.env.FLAKESCOPE_SPOOL + '/' + f); });
      it('calls again', () => call());` },
    settings: { segment_bytes: 2000 },
  });
  assert.equal(code, 0, stdout);
});

test('a hook that fails is switched off once, and the rest goes on', async () => {
  const recording = await record({
    files: { 'suite.cjs': `${CALL}
      it('calls', async () => { await call(); await call(); });
      before(() => { const { IncomingMessage } = http; Object.defineProperty(IncomingMessage.prototype, 'httpVersion', { get() { throw new Error('sabotage'); }, set() {} }); });` },
  });
  assert.equal(recording.code, 0, recording.stdout + recording.stderr);
  const names = recording.gaps.map(({ kind, detail }) => [kind, detail.split(':')[0]]);
  assert.deepEqual(new Set(names.map(String)).size, names.length, 'each hook fails once');
  assert.ok(names.every(([kind]) => kind === 'agent-error') && names.length > 0);
  assert.deepEqual(recording.attempts.map(({ attrs }) => attrs['test.case.result.status']), ['pass']);
});
