'use strict';
// What a test file has loaded. Jest loads modules into a sandbox by itself, where nothing can be hooked without leaving
// a frame in the stacks of the project's own files; so we look at what is there when the first test begins, and again
// after each test.

const mocks = require('./mocks.cjs');
const { attachTo } = require('./module-load.cjs');

/** How many modules each runtime had when we last looked. @type {WeakMap<object, number>} */
const seen = new WeakMap();
/** Exports that are attached to. */
const attached = new WeakSet();

/** @param {import('./recorder.cjs').Recorder} recorder @param {any} runtime Jest's, of one test file */
function attachLoaded(recorder, runtime) {
  const registry = registryOf(runtime);
  if (!registry || registry.size === seen.get(runtime)) return;
  seen.set(runtime, registry.size);
  for (const [file, module] of registry) {
    mocks.noteLoaded(file);
    const exports = module && module.exports;
    if (!exports || typeof exports !== 'object' || attached.has(exports)) continue;
    if (attachTo(recorder, file, exports)) attached.add(exports);
  }
}

/** Modules by file: a field of the runtime in Jest 29, of a part of it in 30. @returns {Map<string, any>|undefined} */
function registryOf(runtime) {
  const { _moduleRegistry: old, registries } = runtime || {};
  const registry = old || (registries && registries.moduleRegistry);
  return registry instanceof Map ? registry : undefined;
}

module.exports = { attachLoaded };
