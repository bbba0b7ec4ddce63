'use strict';
// What Mocha counts is what is recorded: attempts, hooks, fixtures, retries and skips, in Mocha 8, 10 and 12.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { record, below } = require('./harness.cjs');

const major = Number(process.versions.node.split('.')[0]);
/** Mocha 8 does not start on Node 26: a package below it uses `require` in what is a module by now. */
const VERSIONS = major < 26 ? ['mocha', 'mocha-10', 'mocha-8'] : ['mocha', 'mocha-10'];

const name = (span) => span.attrs['test.case.name'];
const status = (span) => span.attrs['test.case.result.status'];
/** `name: status`, with what else matters behind it. */
function line(span) {
  const { attrs } = span;
  const parts = [`${name(span)}: ${status(span) ?? 'unfinished'}`];
  if (attrs['flakescope.attempt.number'] > 1) parts.push(`#${attrs['flakescope.attempt.number']}`);
  if (attrs['flakescope.attempt.retried']) parts.push('retried');
  if (attrs['flakescope.attempt.skip_reason']) parts.push(`(${attrs['flakescope.attempt.skip_reason']})`);
  for (const { attrs: error } of span.events ?? []) {
    parts.push(`${error['exception.type']} in ${error['flakescope.failure.phase']}: ${error['exception.message']}`);
  }
  return parts.join(' ');
}

/** Runs a suite and compares attempts and failed fixtures. */
function check(title, { suite, files = { 'suite.cjs': suite }, args, versions = VERSIONS, exit, attempts, failedFixtures = [], more }) {
  for (const mocha of versions) {
    test(`${title} (${mocha})`, async () => {
      const recording = await record({ files, args, mocha });
      assert.deepEqual(recording.gaps, [], recording.stderr);
      assert.deepEqual(recording.attempts.map(line), attempts);
      assert.deepEqual(recording.fixtures.filter((span) => status(span) === 'fail').map(line), failedFixtures);
      assert.equal(recording.code, exit, recording.stdout);
      if (more) more(recording);
    });
  }
}

check('tests that pass, fail and are skipped', {
  suite: () => {
    const assert = require('assert');
    describe('outer', () => {
      it('sync', () => {});
      it('promise', async () => { await null; });
      it('callback', (done) => { setImmediate(done); });
      it('throws', () => { throw new TypeError('no'); });
      it('rejects', async () => { assert.deepEqual({ a: 1 }, { a: 2 }, 'differs'); });
      it('throws later', (done) => { setImmediate(() => { throw new Error('later'); }); void done; });
      it('throws a text', () => { throw 'text'; });
      describe('inner', () => {
        it('has no body');
        it('skips itself', function () { this.skip(); });
      });
    });
  },
  exit: 4,
  attempts: [
    'outer › sync: pass',
    'outer › promise: pass',
    'outer › callback: pass',
    'outer › throws: fail TypeError in body: no',
    'outer › rejects: fail AssertionError in body: differs',
    'outer › throws later: fail Error in body: later',
    'outer › throws a text: fail Error in body: the string "text" was thrown, throw an Error :)',
    'outer › inner › has no body: skip (pending)',
    'outer › inner › skips itself: skip (this.skip())',
  ],
  more: ({ attempts, folder }) => {
    const [sync, , , , rejects] = attempts;
    assert.equal(sync.attrs['code.file.path'], `${folder}/suite.cjs`);
    assert.equal(sync.attrs['code.line.number'], 4);
    assert.deepEqual(sync.attrs['flakescope.test.suite'], ['outer']);
    const [{ attrs }] = rejects.events;
    assert.equal(attrs['flakescope.assertion.expected'], '{"a":2}');
    assert.equal(attrs['flakescope.assertion.actual'], '{"a":1}');
    assert.equal(new Set(attempts.map(({ trace }) => trace)).size, attempts.length, 'each attempt is a trace of its own');
  },
});

check('retries are attempts of their own', {
  suite: () => {
    let tries = 0;
    describe('flaky', function () {
      this.retries(2);
      it('passes at last', () => { tries += 1; if (tries < 3) throw new Error(`try ${tries}`); });
    });
  },
  exit: 0,
  attempts: [
    'flaky › passes at last: fail retried Error in body: try 1',
    'flaky › passes at last: fail #2 retried Error in body: try 2',
    'flaky › passes at last: pass #3',
  ],
  more: ({ attempts }) => {
    assert.deepEqual(attempts.map(({ attrs }) => [attrs['flakescope.test.ordinal'], attrs['code.line.number']]), [[1, 5], [1, 5], [1, 5]]);
  },
});

check('hooks are spans of their attempt, and fixtures are linked', {
  suite: () => {
    describe('hooks', () => {
      before('open', () => {});
      beforeEach('fill', async () => {});
      afterEach('empty', (done) => done());
      after('close', () => {});
      it('one', () => {});
      it('two', () => {});
    });
  },
  exit: 0,
  attempts: ['hooks › one: pass', 'hooks › two: pass'],
  more: ({ attempts, fixtures, spans }) => {
    const [open, close] = fixtures;
    assert.deepEqual(fixtures.map((span) => [name(span), status(span), span.attrs['flakescope.hook.type']]), [
      ['hooks › "before all" hook: open', 'pass', 'beforeAll'],
      ['hooks › "after all" hook: close', 'pass', 'afterAll'],
    ]);
    assert.notEqual(open.trace, close.trace);
    for (const attempt of attempts) {
      assert.deepEqual(attempt.links, [{ trace: open.trace, id: open.id, attrs: { 'flakescope.link.type': 'fixture' } }]);
      assert.deepEqual(below(spans, attempt).map(({ name: title, attrs }) => [title, attrs['flakescope.phase']]), [
        ['"before each" hook: fill', 'setup'],
        ['"after each" hook: empty', 'teardown'],
      ]);
      assert.ok(BigInt(attempt.end) >= BigInt(below(spans, attempt)[1].end), 'an attempt lasts as long as its hooks');
    }
  },
});

check('hooks that fail count as Mocha counts them', {
  suite: () => {
    const fail = (text) => () => { throw new Error(text); };
    describe('before', () => { before(fail('before')); it('never runs', () => {}); });
    describe('before each', () => { beforeEach(fail('before each')); it('fails in set-up', () => {}); it('never runs', () => {}); });
    describe('after each', () => { afterEach(fail('after each')); it('passes all the same', () => {}); it('never runs', () => {}); });
    describe('after', () => { after(fail('after')); it('passes', () => {}); });
  },
  exit: 4,
  attempts: [
    'before each › fails in set-up: fail Error in setup: before each',
    'after each › passes all the same: pass',
    'after › passes: pass',
  ],
  failedFixtures: [
    'before › "before all" hook: fail Error in setup: before',
    'after each › "after each" hook: fail Error in teardown: after each',
    'after › "after all" hook: fail Error in teardown: after',
  ],
});

check('tests of the same name are told apart', {
  suite: () => {
    for (const number of [1, 2]) it('same', () => { void number; });
    describe('same', () => it('same', () => {}));
  },
  exit: 0,
  attempts: ['same: pass', 'same: pass', 'same › same: pass'],
  more: ({ attempts }) => {
    assert.deepEqual(attempts.map(({ attrs }) => attrs['flakescope.test.ordinal']), [1, 2, 1]);
  },
});

check('skipping in hooks', {
  suite: () => {
    describe('all', () => { before(function () { this.skip(); }); it('a', () => {}); it('b', () => {}); });
    describe('each', () => { beforeEach(function () { this.skip(); }); it('c', () => {}); });
  },
  exit: 0,
  attempts: ['all › a: skip (pending)', 'all › b: skip (pending)', 'each › c: skip (this.skip())'],
});

check('bail stops after the first failure', {
  suite: () => { it('fails', () => { throw new Error('x'); }); it('never runs', () => {}); },
  args: ['--bail', '--exit'],
  exit: 1,
  attempts: ['fails: fail Error in body: x'],
});

for (const mocha of VERSIONS) {
  test(`parallel workers record, and the process above them does not (${mocha})`, async () => {
    const recording = await record({
      mocha,
      files: {
        'a.cjs': () => { describe('a', function () { this.retries(1); let n = 0; it('flaky', () => { n += 1; if (n === 1) throw new Error('first'); }); }); },
        'b.mjs': () => { describe('b', () => it('module', () => {})); },
      },
      args: ['--parallel', '--jobs', '2'],
    });
    assert.deepEqual(recording.attempts.map(line).sort(), [
      'a › flaky: fail retried Error in body: first',
      'a › flaky: pass #2',
      'b › module: pass',
    ], recording.stdout + recording.stderr);
    assert.ok(recording.attempts.every(({ attrs }) => attrs['flakescope.worker']), 'workers are named');
  });
}

test('a timeout names itself and its limit', async () => {
  const { attempts: [attempt] } = await record({
    files: { 'suite.cjs': () => { it('hangs', function (done) { this.timeout(10); void done; }); } },
  });
  assert.equal(status(attempt), 'fail');
  assert.equal(attempt.attrs['flakescope.attempt.timeout_ms'], 10);
  assert.equal(attempt.events[0].attrs['exception.type'], 'ERR_MOCHA_TIMEOUT');
});

test('done called twice turns a passed test into a failed one', async () => {
  const { attempts, code } = await record({
    files: { 'suite.cjs': () => { it('twice', (done) => { done(); done(); }); it('fine', () => {}); } },
  });
  assert.equal(code, 1);
  assert.deepEqual(attempts.map((span) => `${name(span)}: ${status(span)}`), ['twice: fail', 'fine: pass']);
});

test('a test that is killed stays unfinished', async () => {
  const { attempts, code, signal } = await record({
    files: { 'suite.cjs': () => { it('dies', () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); }); } },
  });
  assert.equal(code ?? signal, 'SIGKILL');
  assert.deepEqual(attempts.map(line), ['dies: unfinished']);
});
