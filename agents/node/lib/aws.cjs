'use strict';
// Names the operations of AWS: as its SDK for JavaScript (version 3) is told them, else as a request says itself.

const { AsyncLocalStorage } = require('async_hooks');
const { guard } = require('./guard.cjs');
const frames = require('./frames.cjs');

/** The operation that is under way. @type {AsyncLocalStorage<string>|undefined} */
let sending;

/** @param {import('./recorder.cjs').Recorder} recorder @param {any} exports of the file with the class of all clients */
function attach(recorder, { Client }) {
  sending ||= new AsyncLocalStorage();
  const enter = guard('aws operation', (client, [command]) => {
    const before = sending.getStore();
    const operation = String(command.constructor.name).replace(/Command$/, '');
    sending.enterWith(`${client.config.serviceId}/${operation}`);
    return { before };
  });
  const leave = guard('aws operation end', (_, args, token) => token && sending.enterWith(token.before));
  frames.around(Client.prototype, 'send', enter, leave);
}

/**
 * `Service/Operation`, where a request with this head is one of AWS. What the SDK asks for on the way, such as
 * credentials, has no user agent of the SDK.
 * @param {import('./headers.cjs').Head} head
 */
function operation(head) {
  const told = sending && head.isAwsSdk && sending.getStore();
  if (told) return told;
  const [, service, name] = /^(.+?)(?:_\d{8})?\.(\w+)$/.exec(head.amzTarget || '') || [];
  return service && `${service}/${name}`;
}

module.exports = { attach, operation };
