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

/** The headers of a request, and the facts of the credential that it presents. */
const REQUESTS = [
  [{ authorization: ['Bearer secret'], cookie: ['a=1'] }, { scheme: 'Bearer', length: 6, pseudonym: hash('secret') }],
  [{ authorization: [`Bearer ${JWT}`] }, { scheme: 'Bearer', length: JWT.length, pseudonym: hash(JWT), 'jwt.exp': 1795000000, 'jwt.iat': 1794990000 }],
  [{ authorization: [AWS] }, { scheme: 'AWS4-HMAC-SHA256', length: 7, pseudonym: hash('AKIA123') }],
  [{ 'x-api-key': ['k'], cookie: ['a=1'] }, { scheme: 'ApiKey', length: 1, pseudonym: hash('k') }],
  [{ cookie: ['a=1'] }, { scheme: 'Cookie', length: 3, pseudonym: hash('a=1') }],
  [{ authorization: ['Bearer a.b.c'] }, { scheme: 'Bearer', length: 5, pseudonym: hash('a.b.c') }],
  [{ host: ['h'] }, {}],
];

test('facts are taken from the first credential', () => {
  withKey();
  for (const [headers, expected] of REQUESTS) {
    const named = Object.fromEntries(Object.entries(expected).map(([key, value]) => [`flakescope.credential.${key}`, value]));
    assert.deepEqual(facts(headers), named);
  }
});

/** What an authorization says, and what of it stands for the credential: who signs, where each request is signed anew. */
const SIGNERS = [
  ['AWS4-HMAC-SHA256 Credential=AKIA/20261122/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=abc', 'AKIA'],
  ['AWS4-HMAC-SHA256 Credential=AKIA/20261123/eu-west-1/s3/aws4_request,SignedHeaders=host;x-amz-date,Signature=def', 'AKIA'],
  ['AWS4-ECDSA-P256-SHA256 SignedHeaders=host, Credential=AKIA/20261122/s3/aws4_request, Signature=abc', 'AKIA'],
  ['GOOG4-RSA-SHA256 Credential=ci@p.example/20261122/auto/storage/goog4_request, SignedHeaders=host, Signature=abc', 'ci@p.example'],
  ['AWS4-HMAC-SHA256 Signature=abc', 'Signature=abc'],
  ['AWS AKIA:c2ln/bmF0+dXJl=', 'AKIA'],
  ['AWS c2ln', 'c2ln'],
  ['SharedKey account:c2ln', 'account'],
  ['Digest username="ada", realm="r", nonce="n1", uri="/", response="0a"', 'ada'],
  ['Digest realm="username=x", username="a, \\"b\\"", nonce="n2"', 'a, \\"b\\"'],
  ['Digest nonce="n"', 'nonce="n"'],
  ['Hawk id="dh37", ts="1353832234", nonce="j4h3g2", mac="6R4r"', 'dh37'],
  ['OAuth oauth_consumer_key="app", oauth_token="user", oauth_nonce="1", oauth_signature="s"', 'user'],
  ['OAuth oauth_consumer_key="app", oauth_token="", oauth_nonce="2", oauth_signature="s"', 'app'],
  ['OAuth opaque', 'opaque'],
  ['Signature keyId="k1",algorithm="hs2019",signature="YWJj"', 'k1'],
  ['Bearer Credential=AKIA/x', 'Credential=AKIA/x'],
  ['Bearer a:b', 'a:b'],
];

test('a signature is told by who made it', () => {
  withKey();
  for (const [value, expected] of SIGNERS) {
    const [scheme] = value.split(' ');
    assert.equal(maskHeader('authorization', value), `${scheme} ${masked(expected)}`, value);
    assert.equal(facts({ authorization: [value] })['flakescope.credential.pseudonym'], hash(expected), value);
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
