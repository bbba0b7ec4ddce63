'use strict';
// The spool as protocol/spool.md has it: segments, heads and ends, rotation, bounds, threads and sudden deaths.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { record, makeSpool, readSpool } = require('./harness.cjs');

const LIB = path.join(__dirname, '..', 'lib');

/** What holds of every segment that a process wrote and closed. */
function checkSegments(segments) {
  for (const { name, records } of segments) {
    const [head] = records;
    assert.equal(name, `${head.pid}-${head.instance}-${head.seq}.seg`);
    assert.deepEqual([head.t, head.v, head.agent], ['head', 1, 'node']);
    assert.equal(records.findIndex(({ t }) => t === 'end'), records.length - 1);
  }
}

test('segments rotate and are numbered, and nothing is lost between them', async () => {
  const { segments, logs } = await record({
    files: { 'suite.cjs': () => { for (let number = 0; number < 50; number += 1) it(`logs ${number}`, () => console.log(`line ${number}`)); } },
    settings: { segment_bytes: 4000 },
  });
  assert.ok(segments.length > 3);
  checkSegments(segments);
  const reasons = segments.slice(0, -1).map(({ records }) => records.at(-1).reason);
  assert.ok(reasons.every((reason) => reason === 'rotate'), 'the last one may be over when the process is');
  assert.deepEqual(segments.map(({ records }) => records[0].seq), segments.map((_, index) => index));
  assert.deepEqual(logs.map(({ body }) => body), Array.from({ length: 50 }, (_, number) => `line ${number}`));
});

test('a thread that has nothing to tell leaves no open segment, as that of a killed process is', async () => {
  const { segments, code } = await record({
    files: {
      'loader.mjs': 'export const load = (url, context, next) => next(url, context);\n',
      'suite.cjs': () => {
        const { register } = require('module'); const { pathToFileURL } = require('url');
        it('loads', async () => {
          register('./loader.mjs', pathToFileURL(__filename));
          await import('data:text/javascript,');
        });
      },
    },
    args: ['suite.cjs'],
  });
  assert.equal(code, 0);
  checkSegments(segments);
});

test('each worker thread has a segment of its own, and work in it is recorded', async () => {
  const { segments, exchanges, code } = await record({
    files: { 'suite.cjs': () => {
      const http = require('http'); const { Worker } = require('worker_threads');
      it('works', (done) => {
        const server = http.createServer((q, r) => r.end('ok')).listen(0, () => {
          const source = `require('http').get({ port: ${server.address().port} }, (r) => r.resume())`;
          new Worker(source, { eval: true }).on('exit', () => { server.close(); done(); });
        });
      });
    } },
  });
  assert.equal(code, 0);
  const heads = new Map(segments.map(({ records: [head] }) => [head.instance, head]));
  assert.deepEqual([...heads.values()].map(({ tid }) => tid > 0).sort(), [false, true]);
  checkSegments(segments);
  assert.deepEqual(exchanges.map(({ attrs }) => attrs['http.response.body.content']), ['ok']);
});

test('what was written before a SIGKILL is there', async () => {
  const { logs, segments } = await record({
    files: { 'suite.cjs': () => { it('dies', () => { console.log('last words'); process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); }); } },
  });
  assert.deepEqual(logs.map(({ body }) => body), ['last words']);
  assert.notEqual(segments[0].records.at(-1).t, 'end');
});

const log = (spool, body) => spool.write(`${JSON.stringify({ t: 'log', body })}\n`, 'log');

/** A spool writer of this process on file functions that `breakage` replaces. */
function writerOn(breakage) {
  const files = ['natives', 'clock', 'ids', 'config', 'spool'].map((name) => path.join(LIB, `${name}.cjs`));
  for (const file of files) delete require.cache[file];
  const natives = require(path.join(LIB, 'natives.cjs'));
  Object.assign(natives, breakage(natives));
  const folder = makeSpool();
  const { Spool } = require(path.join(LIB, 'spool.cjs'));
  const spool = new Spool(require(path.join(LIB, 'config.cjs')).load(folder), { tid: 0, version: '0' });
  return { spool, folder, read: () => readSpool(folder) };
}

test('a write that fails is tried again, a torn one leaves no torn line, and order is kept', () => {
  let room = Infinity;
  const { spool, folder, read } = writerOn(({ writeSync }) => ({
    writeSync: (file, data, ...rest) => {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data.subarray(rest[0]);
      if (room === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      const part = bytes.subarray(0, room);
      room -= part.length;
      return writeSync(file, part);
    },
  }));
  log(spool, 'before');
  room = 10;
  for (const body of ['first', 'second']) log(spool, body);
  room = Infinity;
  log(spool, 'after');
  spool.close();
  const { logs, segments } = read();
  assert.deepEqual(logs.map(({ body }) => body), ['before', 'first', 'second', 'after']);
  assert.equal(segments.length, 1);
  checkSegments(segments);
  fs.rmSync(folder, { recursive: true });
});

test('what the retry buffer cannot hold is counted', () => {
  let full = true;
  const { spool, folder, read } = writerOn(({ writeSync }) => ({
    writeSync: (...args) => {
      if (full) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      return writeSync(...args);
    },
  }));
  const body = 'x'.repeat(300 * 1024);
  for (let count = 0; count < 5; count += 1) log(spool, body);
  full = false;
  log(spool, 'after');
  spool.close();
  const { logs, gaps } = read();
  assert.deepEqual(logs.map((log) => log.body.length), [body.length, body.length, body.length, 5]);
  assert.deepEqual(gaps.map(({ kind, count, detail }) => [kind, count, detail]), [['spool-write-failed', 2, 'log: 2']]);
  fs.rmSync(folder, { recursive: true });
});

test('above the cap nothing is written until there is room, a second later at the earliest', () => {
  let now = 0n;
  let used = 0;
  const { spool, folder, read } = writerOn(() => ({
    monotonic: () => now,
    readdirSync: () => ['1-a-0.seg'],
    statSync: () => ({ size: used }),
  }));
  spool.config.segmentBytes = 1;
  spool.config.spoolCapBytes = 1000;
  const say = (body) => log(spool, body);
  say('fits');
  used = 2000;
  say('the last');
  used = 0;
  say('dropped, as a second has not passed');
  now = 2000000000n;
  say('fits again');
  spool.close();
  const { logs, gaps } = read();
  assert.deepEqual(logs.map(({ body }) => body), ['fits', 'the last', 'fits again']);
  assert.deepEqual(gaps.map(({ kind, count }) => [kind, count]), [['spool-full', 1]]);
  fs.rmSync(folder, { recursive: true });
});

test('when the folder is gone the agent stops for good', () => {
  const { spool, folder } = writerOn(() => ({}));
  fs.rmSync(folder, { recursive: true });
  log(spool, 'nowhere');
  assert.equal(spool.gone, true);
  assert.equal(fs.existsSync(folder), false);
});
