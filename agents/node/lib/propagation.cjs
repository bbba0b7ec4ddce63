'use strict';
// Whether a call may carry `traceparent`, and the header itself. Only calls that stay in the neighbourhood get one,
// and never a call to a server of this very process, which finds its caller by the socket instead.

const { ports } = require('./listen.cjs');

/** How many hosts are remembered. */
const HOSTS = 1000;
/** Whether the hosts that were asked for are near. @type {Map<string, boolean>} */
const near = new Map();

/**
 * @param {import('./config.cjs').Config} config
 * @param {string} host as the client named it
 * @param {number|undefined} port
 */
function mayPropagate(config, host, port) {
  if (config.propagate === 'never' || !host) return false;
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  const isNeighbour = isNear(name);
  if (isNeighbour && port !== undefined && ports.has(port)) return false;
  return isNeighbour || config.declaredHosts.includes(name) || config.declaredHosts.includes(`${name}:${port}`);
}

/** {@link isNearAddress}, remembered. */
function isNear(name) {
  let known = near.get(name);
  if (known === undefined) {
    known = isNearAddress(name);
    if (near.size < HOSTS) near.set(name, known);
  }
  return known;
}

/** Loopback, RFC 1918, unique local and link-local addresses. */
function isNearAddress(name) {
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const address = name.startsWith('::ffff:') ? name.slice(7) : name;
  const match = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(address);
  if (!match) return name.includes(':') && /^(?:::1?$|f[cd]|fe[89ab])/.test(name);
  const first = Number(match[1]);
  const second = Number(match[2]);
  return first === 127 || first === 10 || address === '0.0.0.0'
    || (first === 172 && second >= 16 && second <= 31)
    || (first === 192 && second === 168)
    || (first === 169 && second === 254);
}

/** The value of the header for a call made by `span`. @param {import('./span.cjs').Span} span */
function traceparent(span) {
  return `00-${span.trace.traceId}-${span.id}-01`;
}

/** The trace and span named by a `traceparent`, or null. @param {unknown} value */
function parseTraceparent(value) {
  const match = typeof value === 'string' && /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(value.trim());
  if (!match || /^0+$/.test(match[1]) || /^0+$/.test(match[2])) return null;
  return { traceId: match[1], spanId: match[2] };
}

module.exports = { mayPropagate, traceparent, parseTraceparent };
