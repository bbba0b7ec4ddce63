'use strict';
// Runs real programs under the agent and reads the real spool that they leave behind.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const AGENT = path.join(__dirname, '..', 'agent.cjs');
/** A program that runs this long hangs, and its test fails. */
const HANGS_AFTER_MS = 60000;
const KEY = '07'.repeat(32);
/** Suites are written where they find the packages, and where `node --test` does not look for tests. */
const SUITES = path.join(__dirname, 'node_modules', '.suites');

const SETTINGS = {
  protocol: 1,
  run_id: '0123456789abcdef0123456789abcdef',
  store: '/nowhere',
  project_root: __dirname,
  key_id: 'ab12',
  spool_cap_bytes: 1 << 30,
  segment_bytes: 1 << 22,
  capture: { body_bytes: 262144, attempt_bytes: 16777216, console: true, propagate: 'auto' },
  declared_hosts: [],
};

/** A spool folder as the recorder makes it. @param {object} [settings] put over the usual run.json */
function makeSpool(settings = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flakescope-spool-'));
  const capture = { ...SETTINGS.capture, ...settings.capture };
  fs.writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...SETTINGS, ...settings, capture }));
  fs.writeFileSync(path.join(folder, 'key'), settings.key ?? KEY, { mode: 0o600 });
  return folder;
}

/** Writes the body of each function, or a text, as a file beside the packages. @param {Record<string, Function|string>} files */
function makeSuite(files) {
  fs.mkdirSync(SUITES, { recursive: true });
  const folder = fs.mkdtempSync(path.join(SUITES, 'suite-'));
  for (const [name, content] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), typeof content === 'function' ? bodyOf(content) : content);
  }
  return folder;
}

function bodyOf(program) {
  const source = program.toString();
  return source.slice(source.indexOf('{') + 1, source.lastIndexOf('}'));
}

/** Starts a program; `done` answers its exit and output. */
function start(args, { env = {}, cwd, node = process.execPath } = {}) {
  const inherited = { ...process.env };
  for (const name of ['NODE_OPTIONS', 'NODE_TEST_CONTEXT', 'FLAKESCOPE_SPOOL']) delete inherited[name];
  const child = spawn(node, args, { cwd, env: { ...inherited, ...env }, timeout: HANGS_AFTER_MS, killSignal: 'SIGKILL' });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) child[stream].on('data', (data) => { output[stream] += data; });
  const done = new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return { child, done };
}

/**
 * Runs Mocha, or with `script` one of the files, under the agent.
 * @param {{files: Record<string, Function|string>, args?: string[], mocha?: string, script?: string, env?: object,
 *   settings?: object, nodeArgs?: string[]}} options
 */
async function record({ files, args = [], mocha = 'mocha', script, env = {}, settings, nodeArgs = [] }) {
  const spool = makeSpool(settings);
  const folder = makeSuite(files);
  try {
    const command = script ? [script] : [mochaOf(mocha), ...args, ...(args.some((a) => a in files) ? [] : Object.keys(files))];
    const result = await start([...nodeArgs, ...command], {
      cwd: folder,
      env: { FLAKESCOPE_SPOOL: spool, NODE_OPTIONS: `--require ${JSON.stringify(AGENT)}`, ...env },
    }).done;
    return { ...result, folder, ...readSpool(spool) };
  } finally {
    fs.rmSync(spool, { recursive: true, force: true });
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function mochaOf(name) {
  const folder = path.join(__dirname, 'node_modules', name, 'bin');
  return ['mocha.js', 'mocha'].map((file) => path.join(folder, file)).find((file) => fs.existsSync(file));
}

/** Everything in a spool folder, with the lines of each span merged. */
function readSpool(spool) {
  const segments = fs.readdirSync(spool).filter((name) => name.endsWith('.seg')).sort(byInstanceAndSequence).map((name) => ({
    name,
    records: fs.readFileSync(path.join(spool, name), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)),
  }));
  const records = segments.flatMap((segment) => segment.records);
  const merged = new Map();
  for (const span of records.filter(({ t }) => t === 'span')) {
    const known = merged.get(span.id);
    if (!known || !(known.end && !span.end)) merged.set(span.id, span);
  }
  const spans = [...merged.values()];
  const typed = (type) => spans.filter((span) => span.attrs['flakescope.span.type'] === type);
  return {
    segments,
    records,
    spans,
    attempts: typed('attempt'),
    fixtures: typed('fixture'),
    hooks: typed('hook'),
    servers: typed('server'),
    exchanges: spans.filter((span) => span.attrs['flakescope.client']),
    logs: records.filter(({ t }) => t === 'log'),
    gaps: records.filter(({ t }) => t === 'gap'),
  };
}

function byInstanceAndSequence(left, right) {
  const number = (name) => Number(/-(\d+)\.seg$/.exec(name)[1]);
  return left.slice(0, left.lastIndexOf('-')).localeCompare(right.slice(0, right.lastIndexOf('-'))) || number(left) - number(right);
}

/** The spans below `parent`, by its id. */
function below(spans, parent) {
  return spans.filter((span) => span.parent === parent.id && span.trace === parent.trace);
}

module.exports = { record, start, makeSpool, makeSuite, readSpool, below, AGENT, KEY };
