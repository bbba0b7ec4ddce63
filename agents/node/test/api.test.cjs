'use strict';
// The explicit API with and without the agent, console output, and the project's own OpenTelemetry spans.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { record, start, makeSuite, below } = require('./harness.cjs');

const API = JSON.stringify(path.join(__dirname, '..', 'api.cjs'));
const USE = `const assert = require('assert'); const { test, step, tag } = require(${API});`;

const SCRIPT = `${USE}
const error = new Error('no');
const promise = step('outer', async () => { await step('inner', () => 1); return 2; });
assert.throws(() => step('fails', () => { throw error; }), error);
assert.equal(test('alone', () => 7), 7);
tag('run', 1);
promise.then((value) => assert.equal(value, 2)).then(() => console.log('done'));
`;

test('without the agent the API only calls', async () => {
  const folder = makeSuite({ 'script.cjs': SCRIPT });
  assert.equal((await start([path.join(folder, 'script.cjs')]).done).stdout, 'done\n');
  require('node:fs').rmSync(folder, { recursive: true });
});

test('with the agent the same script answers the same, and a test is an attempt', async () => {
  const { stdout, attempts, records } = await record({ files: { 'script.cjs': SCRIPT }, script: 'script.cjs' });
  assert.equal(stdout, 'done\n');
  assert.deepEqual(attempts.map(({ name, attrs }) => [name, attrs['test.case.result.status']]), [['alone', 'pass']]);
  assert.deepEqual(records.filter(({ t }) => t === 'tag'), [{ t: 'tag', key: 'run', value: '1' }]);
});

test('steps and tags belong to the test that runs', async () => {
  const { spans, attempts: [attempt], records, code } = await record({
    files: { 'suite.cjs': `${USE}
      it('steps', async () => {
        tag('tenant', 'blue');
        await step('outer', async () => { await null; step('inner', () => {}); });
        await assert.rejects(step('fails', async () => { throw new TypeError('no'); }));
      });`,
    'module.mjs': `import { step } from ${JSON.stringify(path.join(__dirname, '..', 'api.mjs'))}; it('module', () => step('in a module', () => {}));` },
  });
  assert.equal(code, 0);
  const [outer, fails] = below(spans, attempt);
  assert.deepEqual([outer.name, below(spans, outer)[0].name, fails.name], ['outer', 'inner', 'fails']);
  assert.equal(fails.events[0].attrs['exception.type'], 'TypeError');
  assert.deepEqual(records.filter(({ t }) => t === 'tag'), [{ t: 'tag', trace: attempt.trace, key: 'tenant', value: 'blue' }]);
  assert.ok(spans.some(({ name }) => name === 'in a module'));
});

test('console output is the test\'s, with its level; a reporter\'s is not', async () => {
  const { logs, attempts: [attempt] } = await record({
    files: { 'suite.cjs': () => {
      it('talks', () => { console.log('a %d', 1); console.warn('b'); console.error({ c: 1 }); console.debug('d'); console.table([]); });
    } },
  });
  assert.deepEqual(logs.filter(({ trace }) => trace === attempt.trace).map(({ severity_text: level, body }) => [level, body]), [
    ['INFO', 'a 1'], ['WARN', 'b'], ['ERROR', '{ c: 1 }'], ['DEBUG', 'd'], ['INFO', '┌─────────┐\n│ (index) │\n├─────────┤\n└─────────┘'],
  ]);
  assert.equal(logs.length, 5);
});

test('console output of one attempt is bounded', async () => {
  const { logs, gaps } = await record({
    files: { 'suite.cjs': () => { it('floods', () => { for (let count = 0; count < 12; count += 1) console.log('x'.repeat(100000)); }); } },
  });
  assert.equal(logs.length, 10);
  assert.deepEqual(gaps.map(({ kind }) => kind), ['log-cut']);
});

const SPANS = `
const { trace, context } = require('@opentelemetry/api'); const assert = require('assert'); const http = require('http');
const tracer = trace.getTracer('shop');
let server; before((done) => { server = http.createServer((q, r) => r.end()).listen(0, done); }); after(() => server.close());
const work = () => tracer.startActiveSpan('outer', { attributes: { basket: 7 } }, async (outer) => {
  await tracer.startActiveSpan('inner', async (inner) => {
    await new Promise((done) => http.get({ port: server.address().port }, (r) => { r.resume(); r.on('end', done); }));
    inner.recordException(new Error('noted')); inner.setStatus({ code: 2, message: 'bad' }); inner.end();
  });
  outer.end();
});
`;

/** Spans of the project lie between its test and its calls. */
function checkSpans(title, register) {
  test(title, async () => {
    const { spans, attempts: [attempt], code, stdout } = await record({ files: { 'suite.cjs': `${SPANS}${register}` } });
    assert.equal(code, 0, stdout);
    const [outer] = below(spans, attempt);
    const [inner] = below(spans, outer);
    const [call] = below(spans, inner);
    assert.deepEqual([outer.name, inner.name, call.attrs['flakescope.client']], ['outer', 'inner', 'node:http']);
    assert.equal(outer.attrs.basket, 7);
    assert.deepEqual(inner.status, { code: 2, message: 'bad' });
    assert.equal(inner.events[0].attrs['exception.message'], 'noted');
    assert.ok(outer.end && inner.end);
  });
}

checkSpans('spans of the API without an SDK', `
it('works', () => work());`);

for (const sdk of ['@opentelemetry/sdk-trace-base', 'sdk-trace-base-1']) {
  checkSpans(`spans of ${sdk}, which notices nothing`, `
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require('${sdk}');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
it('works', async () => {
  const exporter = new InMemorySpanExporter();
  const processor = new SimpleSpanProcessor(exporter);
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  assert.equal(trace.setGlobalTracerProvider(provider), true);
  assert.equal(context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()), true);
  await work();
  const [inner, outer] = exporter.getFinishedSpans();
  assert.equal(outer.parentSpanContext ?? outer.parentSpanId, undefined);
  assert.equal((inner.parentSpanContext?.spanId ?? inner.parentSpanId), outer.spanContext().spanId);
});`);
}
