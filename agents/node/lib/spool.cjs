'use strict';
// Writes records to this thread's segments in the spool folder, one write(2) a record (protocol/spool.md). Never
// throws: what cannot be written is kept in a bounded buffer, tried again, and counted.

const natives = require('./natives.cjs');
const clock = require('./clock.cjs');
const ids = require('./ids.cjs');

const RETRY_BUFFER_BYTES = 1024 * 1024;
const LINE_BYTES = 16 * 1024 * 1024;
const FULL_RETRY_NANOS = 1000000000n;

class Spool {
  /**
   * @param {import('./config.cjs').Config} config
   * @param {{tid: number, version: string}} identity
   */
  constructor(config, identity) {
    this.config = config;
    this.identity = identity;
    this.instance = ids.instance();
    this.sequence = 0;
    this.file = -1;
    /** The head of the open segment, while it is still to be written. @type {string|null} */
    this.head = null;
    /** Bytes in the open segment. */
    this.written = 0;
    this.gone = false;
    this.exited = false;
    /** Each record gets a segment of its own: for a time in which this process may be killed and has little to say. */
    this.brief = false;
    this.fullSince = null;
    this.pending = [];
    this.pendingBytes = 0;
    this.dropped = { 'spool-full': new Map(), 'spool-write-failed': new Map() };
  }

  /** Writes one record. @param {string} line with its newline @param {string} kind the record's `t` */
  write(line, kind) {
    if (this.gone) return;
    if (this.fullSince !== null && !this.roomAgain()) {
      this.drop('spool-full', kind);
      return;
    }
    if (line.length > LINE_BYTES / 3 && natives.byteLength(line) > LINE_BYTES) {
      this.drop('spool-write-failed', kind);
      return;
    }
    if (this.drain() && this.append(line)) {
      this.tellDropped();
    } else {
      this.keep(line, kind);
    }
    if (this.exited) this.end('exit');
    else if (this.brief) this.end('rotate');
    else if (this.written >= this.config.segmentBytes) this.rotate();
  }

  /** The process or thread ends: the last attempt to get everything out, and the closing line. */
  close() {
    if (this.gone) return;
    this.drain();
    this.tellDropped();
    this.end('exit');
    this.exited = true;
  }

  /** Ends the segment; the next record opens another one. */
  end(reason) {
    if (this.file < 0) return;
    if (this.head === null) this.put(`${natives.stringify({ t: 'end', reason })}\n`);
    this.shut();
  }

  rotate() {
    this.end('rotate');
    if (this.folderBytes() > this.config.spoolCapBytes) this.fullSince = clock.mono();
  }

  /** True when a full spool has room again; asked at most once a second. */
  roomAgain() {
    const now = clock.mono();
    if (now - this.fullSince < FULL_RETRY_NANOS) return false;
    this.fullSince = now;
    if (this.folderBytes() > this.config.spoolCapBytes) return false;
    this.fullSince = null;
    return true;
  }

  folderBytes() {
    let total = 0;
    try {
      for (const name of natives.readdirSync(this.config.spool)) {
        if (!name.endsWith('.seg')) continue;
        try {
          total += natives.statSync(`${this.config.spool}/${name}`).size;
        } catch {
          // Drained and deleted between the two calls.
        }
      }
    } catch {
      return 0;
    }
    return total;
  }

  /** Appends a line to the open segment, opening one first if needed. */
  append(line) {
    if (this.file < 0 && !this.open()) return false;
    if (this.head !== null) {
      if (!this.put(this.head)) return false;
      this.head = null;
    }
    return this.put(line);
  }

  /** One write of the whole line; the rest of a partial write follows at once. */
  put(line) {
    const size = natives.byteLength(line);
    let done = 0;
    try {
      done = natives.writeSync(this.file, line);
      if (done < size) {
        const bytes = natives.bufferFrom(line);
        while (done < size) done += natives.writeSync(this.file, bytes, done, size - done);
      }
      this.written += size;
      return true;
    } catch {
      if (done > 0) this.untear();
      return false;
    }
  }

  /** Takes a half-written line back, as it will be written again; where that fails, the next record starts a segment. */
  untear() {
    try {
      natives.ftruncateSync(this.file, this.written);
    } catch {
      this.shut();
    }
  }

  shut() {
    try {
      natives.closeSync(this.file);
    } catch {
      // Closed behind our back; the segment is over either way.
    }
    this.file = -1;
  }

  open() {
    const { config, identity } = this;
    const path = `${config.spool}/${process.pid}-${this.instance}-${this.sequence}.seg`;
    try {
      this.file = natives.openSync(path, natives.O_SEGMENT, 0o600);
    } catch (error) {
      if (error && error.code === 'ENOENT' && !natives.existsSync(config.spool)) this.stop();
      return false;
    }
    this.written = 0;
    this.head = `${natives.stringify(this.describe(identity))}\n`;
    this.sequence += 1;
    return true;
  }

  describe({ tid, version }) {
    const mono = clock.mono();
    return {
      t: 'head', v: 1, agent: 'node', agent_version: version,
      pid: process.pid, ppid: process.ppid, tid, instance: this.instance, seq: this.sequence,
      wall: String(clock.wall(mono)), mono: String(mono),
      argv: [process.argv0, ...process.argv.slice(1)], cwd: this.workingDirectory(),
      attrs: { 'process.runtime.name': 'nodejs', 'process.runtime.version': process.versions.node },
    };
  }

  workingDirectory() {
    try {
      return process.cwd();
    } catch {
      return '';
    }
  }

  /** The folder is gone: this agent stops for good. */
  stop() {
    this.gone = true;
    this.pending = [];
    this.pendingBytes = 0;
  }

  keep(line, kind) {
    if (this.gone) return;
    if (this.pendingBytes + line.length > RETRY_BUFFER_BYTES) {
      this.drop('spool-write-failed', kind);
      return;
    }
    this.pending.push({ line, kind });
    this.pendingBytes += line.length;
  }

  /** Writes what is kept, oldest first; false when something is still left. */
  drain() {
    while (this.pending.length > 0) {
      if (!this.append(this.pending[0].line)) return false;
      this.pendingBytes -= this.pending.shift().line.length;
    }
    return true;
  }

  drop(gap, kind) {
    const counts = this.dropped[gap];
    counts.set(kind, (counts.get(kind) || 0) + 1);
  }

  /** Writes the gaps of what was dropped, once writing works again. */
  tellDropped() {
    if (this.dropped['spool-full'].size + this.dropped['spool-write-failed'].size === 0) return;
    for (const [gap, counts] of Object.entries(this.dropped)) {
      if (counts.size === 0) continue;
      let count = 0;
      const parts = [];
      for (const [kind, number] of counts) {
        count += number;
        parts.push(`${kind}: ${number}`);
      }
      if (this.append(`${natives.stringify({ t: 'gap', kind: gap, count, detail: parts.join(', ') })}\n`)) counts.clear();
    }
  }
}

module.exports = { Spool };
