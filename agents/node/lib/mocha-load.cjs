'use strict';
// Notices that Mocha is being loaded, wherever it is installed and however it is started, and hooks it then.
//
// Every CommonJS file is loaded by `module.load(filename)`, also under Yarn's and TypeScript's loaders and when Mocha
// is imported. An accessor in its place sees which module is about to be loaded and hands out the loader itself, so
// that no frame of ours is ever on the stack while a project's own files load; only Mocha's main file gets a wrapper,
// and then everything is as it was. A second Mocha, which the tests load themselves, is their subject and not recorded.

const Module = require('module');
const { guard } = require('./guard.cjs');

/** @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  const original = Object.getOwnPropertyDescriptor(Module.prototype, 'load');
  if (!original || typeof original.value !== 'function') return;
  let load = original.value;
  nameForStacks(load);
  const attach = guard('mocha', (exports) => require('./mocha.cjs').attach(recorder, exports));
  function loadMocha(filename) {
    const result = Reflect.apply(load, this, [filename]);
    if (attach(this.exports)) Object.defineProperty(Module.prototype, 'load', { ...original, value: load });
    return result;
  }
  Object.defineProperty(Module.prototype, 'load', {
    get() {
      const { id } = this;
      return typeof id === 'string' && isMocha(id) ? loadMocha : load;
    },
    set(replacement) {
      load = replacement;
    },
    configurable: true,
    enumerable: original.enumerable,
  });
}

/** Behind an accessor V8 cannot find the method's name any more; stack traces are to go on saying `Module.load`. */
function nameForStacks(load) {
  if (load.name === '') Object.defineProperty(load, 'name', { value: 'load', configurable: true });
}

/** Whether this is the file that exports the Mocha class, in Mocha 8 to 12. */
function isMocha(filename) {
  return /[\\/]lib[\\/]mocha\.c?js$/.test(filename);
}

module.exports = { install };
