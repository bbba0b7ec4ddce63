'use strict';
// Takes from a credential what diagnosis needs, then replaces it by its pseudonym (protocol/masking.md), so that no
// secret of a header ever leaves the process.

const { masked, pseudonym } = require('./pseudonym.cjs');
const { parse, bufferFrom } = require('./natives.cjs');

const SECRET_NAME = /api-?key|token|secret|credential/;
/** Schemes that sign each request anew, and the parameters that name who signs, the first that is there. @type {[RegExp, string[]][]} */
const SIGNED = [
  [/^(?:AWS|GOOG)4-/i, ['Credential']],
  [/^Digest$/i, ['username']],
  [/^Hawk$/i, ['id']],
  [/^OAuth$/i, ['oauth_token', 'oauth_consumer_key']],
  [/^Signature$/i, ['keyId']],
];
/** Those that write who signs before a colon. */
const SIGNED_BY = /^(?:AWS|GOOG1|SharedKey|SharedKeyLite)$/i;
const PARAMETER = /(?:^|[\s,])([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;

/** The value of header `name` (lower case) as it may be recorded. @param {string} name @param {string} value */
function maskHeader(name, value) {
  switch (name) {
    case 'authorization':
    case 'proxy-authorization': return maskAuthorization(value);
    case 'cookie': return maskCookies(value);
    case 'set-cookie': return maskSetCookie(value);
    default: return SECRET_NAME.test(name) ? masked(value) : value;
  }
}

/** Whether header `name` (lower case) may present the credential of a request. @param {string} name */
function isCredential(name) {
  return name === 'authorization' || name === 'proxy-authorization' || name === 'cookie' || SECRET_NAME.test(name);
}

function maskAuthorization(value) {
  const { scheme, secret } = authorization(value);
  return scheme ? `${scheme} ${masked(secret)}` : masked(secret);
}

/** Splits an authorization into its scheme and the secret, or what stands for it. */
function authorization(value) {
  const match = /^([A-Za-z][\w.+-]*)\s+(.+)$/s.exec(value.trim());
  if (!match) return { scheme: undefined, secret: value.trim() };
  const [, scheme, rest] = match;
  return { scheme, secret: signer(scheme, rest) || rest };
}

/** Who presents a signature, which is another one for each request; nothing where the scheme is none or does not say. */
function signer(scheme, rest) {
  if (SIGNED_BY.test(scheme)) return rest.includes(':') ? rest.slice(0, rest.indexOf(':')) : '';
  const [, names] = SIGNED.find(([pattern]) => pattern.test(scheme)) || [];
  if (!names) return '';
  const found = new Map([...rest.matchAll(PARAMETER)].map(([, name, quoted, plain]) => [name, quoted ?? plain]));
  const name = names.find((candidate) => found.get(candidate));
  return name ? keyOf(name, found.get(name)) : '';
}

/** What AWS and Google call a credential is the key's identifier and the scope of the signature. */
function keyOf(name, value) {
  return /credential$/i.test(name) ? value.split('/')[0] : value;
}

function maskCookies(value) {
  return value.split(';').map((pair) => maskPair(pair)).join(';');
}

function maskSetCookie(value) {
  const [pair, ...attributes] = value.split(';');
  return [maskPair(pair), ...attributes].join(';');
}

function maskPair(pair) {
  const equals = pair.indexOf('=');
  if (equals < 0) return pair.trim() ? masked(pair.trim()) : pair;
  return `${pair.slice(0, equals + 1)}${masked(pair.slice(equals + 1).trim())}`;
}

/**
 * The facts of the credential that the headers of a request present. A credential of the query is the recorder's to find: it
 * gets the URL as it is, and knows which keys are secret.
 * @param {Record<string, string[]>} headers raw, keys in lower case
 */
function facts(headers) {
  const found = find(headers);
  if (!found) return {};
  const attributes = {
    'flakescope.credential.length': Buffer.byteLength(found.secret),
    'flakescope.credential.pseudonym': pseudonym(found.secret),
  };
  if (found.scheme) attributes['flakescope.credential.scheme'] = found.scheme;
  return { ...attributes, ...tokenTimes(found.secret) };
}

function find(headers) {
  if (headers.authorization) return authorization(headers.authorization[0]);
  const apiKey = Object.keys(headers).find((name) => SECRET_NAME.test(name));
  if (apiKey) return { scheme: 'ApiKey', secret: headers[apiKey][0] };
  if (headers['proxy-authorization']) return authorization(headers['proxy-authorization'][0]);
  if (headers.cookie) return { scheme: 'Cookie', secret: headers.cookie.join('; ') };
  return null;
}

/** `exp`, `nbf` and `iat` of a JSON web token. */
function tokenTimes(secret) {
  const attributes = {};
  const match = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(secret);
  if (!match) return attributes;
  try {
    const claims = parse(bufferFrom(match[1], 'base64url').toString('utf8'));
    for (const name of ['exp', 'nbf', 'iat']) {
      if (Number.isFinite(claims[name])) attributes[`flakescope.credential.jwt.${name}`] = Math.trunc(claims[name]);
    }
  } catch {
    // Three parts with dots between them, but no web token.
  }
  return attributes;
}

module.exports = { maskHeader, isCredential, facts };
