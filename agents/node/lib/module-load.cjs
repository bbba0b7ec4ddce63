'use strict';
// Notices that a module we hook is being loaded, wherever it is installed and however it is started.
//
// Every CommonJS file is loaded by `module.load(filename)`, also under Yarn's and TypeScript's loaders and when it is
// imported. An accessor in its place sees which module is about to be loaded and hands out the loader itself, so that
// no frame of ours is ever on the stack while a project's own files load; only the files named here get a wrapper.

const Module = require('module');
const { guard } = require('./guard.cjs');
const http2 = require('./http2.cjs');
const own = require('./own.cjs');
const spawn = require('./spawn.cjs');

/** Files, and what is done with what they export. */
const HOOKS = [
  // The file that exports the Mocha class, in Mocha 8 to 12.
  { name: 'mocha', file: /[\\/]lib[\\/]mocha\.c?js$/, attach: (...args) => own.load('mocha.cjs').attach(...args) },
  { name: 'jest start', file: /[\\/](?:@jest[\\/]core[\\/]build[\\/]index|jest-runner[\\/]build[\\/]testWorker)\.js$/, attach: (...args) => own.load('jest.cjs').watchStart(...args) },
  { name: 'jest', file: /[\\/]jest-circus[\\/]build[\\/](?:legacy-code-todo-rewrite[\\/]jestAdapter|runner)\.js$/, attach: (...args) => own.load('jest.cjs').watchCircus(...args) },
  { name: 'jest runner', file: /[\\/]jest-runner[\\/]build[\\/]index\.js$/, attach: (...args) => own.load('jest.cjs').watchRunner(...args) },
  { name: 'jest console', file: /[\\/]@jest[\\/]console[\\/]build[\\/]index\.js$/, attach: (...args) => own.load('jest.cjs').watchConsole(...args) },
  { name: 'otel', file: /@opentelemetry[\\/]api[\\/]build[\\/]src[\\/]index\.js$/, attach: (...args) => own.load('otel.cjs').attach(...args) },
  { name: 'grpc', file: /@grpc[\\/]grpc-js[\\/]build[\\/]src[\\/]client-interceptors\.js$/, attach: (...args) => own.load('grpc.cjs').attach(...args) },
  { name: 'grpc metadata', file: /@grpc[\\/]grpc-js[\\/]build[\\/]src[\\/]metadata\.js$/, attach: (...args) => own.load('grpc.cjs').watchWire(...args) },
  { name: 'aws', file: /@smithy[\\/](?:core[\\/]dist-cjs[\\/]submodules[\\/]client|smithy-client[\\/]dist-cjs)[\\/]index\.js$/, attach: (...args) => own.load('aws.cjs').attach(...args) },
  { name: 'nock', file: /[\\/]nock[^\\/]*[\\/]lib[\\/]playback_interceptor\.js$/, attach: (...args) => own.load('mocked.cjs').watchNock(...args) },
  { name: 'interceptors', file: /@mswjs[\\/]interceptors[\\/]lib[\\/]node[\\/][^\\/]+\.c?js$/, attach: (...args) => own.load('mocked.cjs').watchInterceptors(...args) },
  { name: 'undici mock', file: /[\\/]undici[^\\/]*[\\/]lib[\\/]mock[\\/]mock-agent\.js$/, attach: (...args) => own.load('mocked.cjs').watchMockAgent(...args) },
];

/** @param {import('./recorder.cjs').Recorder} recorder */
function install(recorder) {
  const original = Object.getOwnPropertyDescriptor(Module.prototype, 'load');
  if (!original || typeof original.value !== 'function') return;
  let load = original.value;
  nameForStacks(load);
  const hooks = HOOKS.map(({ name, file, attach }) => {
    const hook = guard(name, (exports, id) => attach(recorder, exports, id));
    return { file, load: loadThen((...args) => Reflect.apply(load, ...args), hook) };
  });
  Object.defineProperty(Module.prototype, 'load', {
    get() {
      look(recorder);
      const { id } = this;
      const hook = typeof id === 'string' && hooks.find(({ file }) => file.test(id));
      return hook ? hook.load : load;
    },
    set(replacement) {
      load = replacement;
    },
    configurable: true,
    enumerable: original.enumerable,
  });
}

/** Modules of the platform are loaded by no file; what is loaded after one may be about to use it. */
const look = guard('platform modules', (recorder) => {
  http2.look(recorder);
  spawn.look(recorder);
});

/** The loader, followed by `hook` with what the module exports. */
function loadThen(load, hook) {
  return function loadAndHook(filename) {
    const result = load(this, [filename]);
    hook(this.exports, this.id);
    return result;
  };
}

/** Behind an accessor V8 cannot find the method's name any more; stack traces are to go on saying `Module.load`. */
function nameForStacks(load) {
  if (load.name === '') Object.defineProperty(load, 'name', { value: 'load', configurable: true });
}

/** Attaches to a module that a runner has loaded by itself; true when it is one of those hooked here. */
function attachTo(recorder, file, exports) {
  const hooked = HOOKS.find((hook) => hook.file.test(file));
  if (hooked) guard(hooked.name, hooked.attach)(recorder, exports, file);
  return hooked !== undefined;
}

module.exports = { install, attachTo };
