'use strict';
// Which test does the work of this process or worker thread belong to, when it runs none itself? Read from what the agents
// above it write into the spool: their records of what they started, and the tests that they run. See protocol/spool.md.

const { openSync, readSync, closeSync, readFileSync, readdirSync, statSync, parse } = require('./natives.cjs');

/** Ancestors are followed so far. */
const FARTHEST = 16;
/** A segment is read in pieces of this size, and no farther than this at once. */
const PIECE = 256 * 1024;
const LARGEST = 32 * 1024 * 1024;
const ROOT = /"flakescope\.span\.type":"(?:attempt|fixture)"/;
const PART = /"flakescope\.span\.type":"(?:hook|step)"/;

/** The processes above this one, and what they have told so far. */
class Ancestry {
  /** @param {string} spool the folder @param {{pid: number, tid: number, instance: string}} self */
  constructor(spool, { pid, tid, instance }) {
    this.spool = spool;
    this.tid = tid;
    this.instance = instance;
    /** Nearest first; a worker thread is below its own process. */
    this.pids = tid > 0 ? [pid] : [];
    this.own = pid;
    /** How far each segment is read, and the line at its end that is not whole yet. @type {Map<string, {at: number, rest: string}>} */
    this.read = new Map();
    /** Tests and fixtures by trace. @type {Map<string, {traceId: string, spanId: string, isTest: boolean, isOpen: boolean, by: number}>} */
    this.roots = new Map();
    /** Hooks and steps that run, by their ids, innermost last. @type {Map<string, string>} */
    this.parts = new Map();
    /** Records of what was started. @type {object[]} */
    this.spawns = [];
    this.starter = undefined;
  }

  /**
   * Where work that starts now belongs.
   * @returns {{traceId: string, spanId: string, attribution: string, phase: string|undefined}|undefined}
   */
  place() {
    if (!this.refresh()) return undefined;
    const running = [...this.roots.values()].filter(({ isOpen }) => isOpen);
    this.starter ||= this.findStarter(running);
    const only = running.length === 1 ? { traceId: running[0].traceId, spanId: this.spanOf(running[0]), attribution: 'only-running-test' } : undefined;
    if (!this.starter) return this.tid > 0 ? only : undefined;
    const { trace: traceId, span: spanId } = this.starter;
    const root = this.roots.get(traceId);
    if (!root || root.isOpen) return { traceId, spanId, attribution: 'process' };
    // One that serves several tests in turn is started by the first. A fixture starts what runs beside them all.
    if (root.isTest && only) return only;
    return { traceId, spanId, attribution: 'process', phase: 'after' };
  }

  /** The innermost span of a running test that is known to run: a hook, a step, or its root. */
  spanOf({ traceId, spanId }) {
    return [...this.parts].filter(([, trace]) => trace === traceId).map(([id]) => id).at(-1) || spanId;
  }

  /** The record of who started this process, one above it, or this thread; else the test that waits for it. */
  findStarter(running) {
    const below = new Set([this.own]);
    const meant = ({ pid, tid }) => below.has(pid) && (pid === this.own ? tid === this.tid : tid === 0);
    for (const ancestor of this.pids) {
      const told = this.spawns.filter((one) => one.by === ancestor && meant(one)).at(-1);
      if (told && told.trace) return told;
      const hasTests = [...this.roots.values()].some(({ by }) => by === ancestor);
      if (hasTests) return told || running.length !== 1 ? undefined : { trace: running[0].traceId, span: this.spanOf(running[0]) };
      below.add(ancestor);
    }
    return undefined;
  }

  /** Reads what the agents above have written since; false when there are none. */
  refresh() {
    const names = readdirSync(this.spool).filter((name) => name.endsWith('.seg') && !name.includes(this.instance));
    if (names.length === 0) return false;
    if (this.tid === 0 && this.pids.length === 0) this.pids = [...ancestors()];
    for (const name of names) {
      const by = Number(name.slice(0, name.indexOf('-')));
      if (this.pids.includes(by)) this.lines(name, (line) => this.take(line, by));
    }
    return this.read.size > 0;
  }

  lines(name, take) {
    const known = this.read.get(name) || { at: 0, rest: '' };
    try {
      const text = known.rest + tail(`${this.spool}/${name}`, known);
      const end = text.lastIndexOf('\n') + 1;
      known.rest = text.slice(end);
      this.read.set(name, known);
      for (const line of text.slice(0, end).split('\n')) take(line);
    } catch {
      // Drained and deleted between the two calls.
    }
  }

  take(line, by) {
    if (line.startsWith('{"t":"spawn"')) this.spawns.push({ ...parse(line), by });
    else if (ROOT.test(line)) this.root(parse(line), by);
    else if (PART.test(line)) this.part(parse(line));
  }

  root({ trace, id, end, attrs }, by) {
    const known = this.roots.get(trace);
    const isOpen = end === undefined && !(known && !known.isOpen);
    this.roots.set(trace, { traceId: trace, spanId: id, isTest: attrs['flakescope.span.type'] === 'attempt', isOpen, by });
  }

  part({ trace, id, end }) {
    if (end === undefined) this.parts.set(id, trace);
    else this.parts.delete(id);
  }
}

/** What a file holds behind `known.at`, which moves on. */
function tail(file, known) {
  const size = Math.min(statSync(file).size, known.at + LARGEST);
  const parts = [];
  const descriptor = openSync(file, 'r');
  try {
    while (known.at < size) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE, size - known.at));
      const bytes = readSync(descriptor, piece, 0, piece.length, known.at);
      if (bytes === 0) break;
      known.at += bytes;
      parts.push(piece.subarray(0, bytes));
    }
  } finally {
    closeSync(descriptor);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The processes above this one, nearest first, as far as the system tells. */
function* ancestors() {
  let pid = process.ppid;
  for (let steps = 0; steps < FARTHEST && pid > 1; steps += 1) {
    yield pid;
    pid = parentOf(pid);
  }
}

function parentOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0; // Not Linux, or gone.
  }
}

module.exports = { Ancestry };
