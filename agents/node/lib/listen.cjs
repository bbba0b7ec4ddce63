'use strict';
// Reports the ports on which this process listens: how the recorder knows that a peer is the product, and how we
// know that a call goes to ourselves.

const { subscribe } = require('diagnostics_channel');
const { guard } = require('./guard.cjs');
const clock = require('./clock.cjs');

/** Ports on which this process listens, with the number of servers on each. @type {Map<number, number>} */
const ports = new Map();

/** @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  subscribe('tracing:net.server.listen:asyncEnd', guard('listen', ({ server }) => {
    const address = server.address();
    if (!address || typeof address !== 'object') return;
    const { address: host, port } = address;
    ports.set(port, (ports.get(port) || 0) + 1);
    report(recorder, host, port, true);
    server.once('close', guard('listen close', () => {
      const left = ports.get(port) - 1;
      if (left > 0) ports.set(port, left);
      else ports.delete(port);
      report(recorder, host, port, false);
    }));
  }));
}

function report(recorder, host, port, open) {
  recorder.write({ t: 'listen', host, port, time: String(clock.wall(clock.mono())), open });
}

module.exports = { install, ports };
