'use strict';
// Loads files of the agent late, and each only once. Tests empty the cache of modules, and a file that were loaded anew
// would bring others of itself along: contexts that nobody enters, calls that nobody follows.

const Module = require('module');

/** The modules of the agent by file. @type {Map<string, NodeModule>} */
const loaded = new Map();

/** Remembers what is loaded by now. */
function keep() {
  for (const file of Object.keys(Module._cache)) if (file.startsWith(__dirname)) loaded.set(file, Module._cache[file]);
}

/** What the file `name` of this folder exports. @param {string} name */
function load(name) {
  const file = `${__dirname}/${name}`;
  const known = loaded.get(file);
  if (known) return known.exports;
  // What it needs of the others, it finds where Node looks for it.
  for (const [path, module] of loaded) Module._cache[path] = module;
  const exports = require(file);
  keep();
  return exports;
}

module.exports = { load, keep };
