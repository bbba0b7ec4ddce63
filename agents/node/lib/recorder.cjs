'use strict';
// What the hooks share: the configuration, the spool, gaps and tags.

const { Spool } = require('./spool.cjs');
const { stringify } = require('./natives.cjs');

class Recorder {
  /** @param {import('./config.cjs').Config} config @param {{tid: number, version: string}} identity */
  constructor(config, identity) {
    this.config = config;
    this.spool = new Spool(config, identity);
    /** Asked to write what they hold back, when the process exits. @type {Set<() => void>} */
    this.atExit = new Set();
  }

  /** @param {{t: string}} record */
  write(record) {
    this.writeLine(`${stringify(record)}\n`, record.t);
  }

  /** Writes a record that is JSON already. @param {string} line with its newline @param {string} kind the record's `t` */
  writeLine(line, kind) {
    this.spool.write(line, kind);
  }

  /** Something that we know we did not record. */
  gap(kind, { trace, span, detail, count } = {}) {
    this.write({ t: 'gap', kind, count: count || 1, trace, span, detail });
  }

  /** A tag of the attempt `trace`, else of the run. */
  tag(key, value, trace) {
    this.write({ t: 'tag', trace, key: String(key), value: String(value) });
  }

  /** Nothing more is expected for now. A worker that its runner ends by a signal while it idles has then ended well. */
  pause() {
    this.spool.end('rotate');
  }

  close() {
    for (const flush of this.atExit) flush();
    this.spool.close();
  }
}

module.exports = { Recorder };
