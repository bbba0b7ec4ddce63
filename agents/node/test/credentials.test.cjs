'use strict';
// Credentials never leave the process: pseudonyms by the key of the spool, facts taken first (protocol/masking.md).

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { createHmac } = require('node:crypto');
const { KEY } = require('./harness.cjs');

const pseudonyms = require('../lib/pseudonym.cjs');
const { maskHeader, facts } = require('../lib/credentials.cjs');

const KEY_BYTES = Buffer.from(KEY, 'hex');
const hash = (value) => createHmac('sha256', KEY_BYTES).update(value).digest('hex').slice(0, 12);
const masked = (value) => `[masked:ab12:${hash(value)}]`;
const claims = Buffer.from(JSON.stringify({ exp: 1795000000, iat: 1794990000.5, sub: 'ada' })).toString('base64url');
const JWT = `eyJhbGciOiJIUzI1NiJ9.${claims}.c2lnbmF0dXJl`;
const AWS = 'AWS4-HMAC-SHA256 Credential=AKIA123/20261122/eu-west-1/lambda/aws4_request, SignedHeaders=host, Signature=abc';

const withKey = () => pseudonyms.configure({ key: KEY_BYTES, keyId: 'ab12' });

/** A header's value and what may be recorded of it. */
const HEADERS = [
  ['authorization', 'Bearer secret', `Bearer ${masked('secret')}`],
  ['authorization', 'secret', masked('secret')],
  ['authorization', AWS, `AWS4-HMAC-SHA256 ${masked('AKIA123')}`],
  ['proxy-authorization', 'Basic YTpi', `Basic ${masked('YTpi')}`],
  ['cookie', 'a=1; b=2', `a=${masked('1')}; b=${masked('2')}`],
  ['set-cookie', 'sid=s3cret; Path=/; HttpOnly', `sid=${masked('s3cret')}; Path=/; HttpOnly`],
  ['x-api-key', 'k', masked('k')],
  ['x-amz-security-token', 't', masked('t')],
  ['x-client-secret', 's', masked('s')],
  ['content-type', 'text/plain', 'text/plain'],
  ['x-api-key', masked('k'), masked('k')],
];

test('headers are masked by name', () => {
  withKey();
  for (const [name, value, expected] of HEADERS) assert.equal(maskHeader(name, value), expected, name);
});

/** The headers and URL of a request, and the facts of the credential that it presents. */
const REQUESTS = [
  [{ authorization: ['Bearer secret'], cookie: ['a=1'] }, '', { scheme: 'Bearer', length: 6, pseudonym: hash('secret') }],
  [{ authorization: [`Bearer ${JWT}`] }, '', { scheme: 'Bearer', length: JWT.length, pseudonym: hash(JWT), 'jwt.exp': 1795000000, 'jwt.iat': 1794990000 }],
  [{ authorization: [AWS] }, '', { scheme: 'AWS4-HMAC-SHA256', length: 7, pseudonym: hash('AKIA123') }],
  [{ 'x-api-key': ['k'], cookie: ['a=1'] }, '', { scheme: 'ApiKey', length: 1, pseudonym: hash('k') }],
  [{ cookie: ['a=1'] }, '', { scheme: 'Cookie', length: 3, pseudonym: hash('a=1') }],
  [{}, 'http://h/p?x=1&api_key=q', { scheme: 'Query', length: 1, pseudonym: hash('q') }],
  [{}, 'http://h/p?x=1&api%5Fkey=a%2Fb+c%C3%A9&y', { scheme: 'Query', length: 7, pseudonym: hash('a/b cé') }],
  [{}, 'http://h/p?token=50%25%zz', { scheme: 'Query', length: 6, pseudonym: hash('50%%zz') }],
  [{}, 'http://h/p?token=%FFx', { scheme: 'Query', length: 4, pseudonym: hash('%FFx') }],
  [{ authorization: ['Bearer a.b.c'] }, '', { scheme: 'Bearer', length: 5, pseudonym: hash('a.b.c') }],
  [{ host: ['h'] }, 'http://h/p?x=1', {}],
];

test('facts are taken from the first credential', () => {
  withKey();
  for (const [headers, url, expected] of REQUESTS) {
    const named = Object.fromEntries(Object.entries(expected).map(([key, value]) => [`flakescope.credential.${key}`, value]));
    assert.deepEqual(facts(headers, url), named);
  }
});

test('hashes are those of HMAC-SHA-256 for any length of value', () => {
  withKey();
  for (const length of [0, 1, 63, 64, 65, 1000]) {
    const value = 'ü'.repeat(length);
    assert.equal(pseudonyms.digest(value), createHmac('sha256', KEY_BYTES).update(value).digest('hex'));
  }
});

test('without a key values are dropped entirely', () => {
  pseudonyms.configure({ key: null, keyId: '0000' });
  assert.equal(maskHeader('authorization', 'Bearer secret'), 'Bearer [masked:0000:000000000000]');
  assert.equal(pseudonyms.digest('x'), undefined);
});
