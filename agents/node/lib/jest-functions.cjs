'use strict';
// Makes a test's place the active one just before Jest calls the test's function, without standing between the two:
// Jest reads `fn` of a test or hook in the very execution that calls it, and an accessor sees that.

const clock = require('./clock.cjs');
const context = require('./context.cjs');
const { guard } = require('./guard.cjs');

class Places {
  /** @param {(test: object) => import('./entry.cjs').Entry} begin starts the attempt of a test that Jest has not announced */
  constructor(begin) {
    /** Contexts of the tests and hooks that run. @type {Map<object, import('./context.cjs').Context>} */
    this.contexts = new Map();
    this.begin = guard('jest concurrent test', begin);
    this.arrive = guard('jest test', (subject) => {
      const place = this.contexts.get(subject);
      if (place) context.enter(place);
      return place !== undefined;
    });
  }

  /** `subject`, a test or hook, runs from now on in `place`. */
  enter(subject, place) {
    this.contexts.set(subject, place);
  }

  leave(subject) {
    this.contexts.delete(subject);
  }

  /** Sees the functions of all tests and hooks of a block. */
  follow(block) {
    for (const hook of block.hooks) watch(hook, 'fn', { onRead: () => this.arrive(hook) });
    for (const child of block.children) {
      if (child.type !== 'test') this.follow(child);
      else if (child.concurrent) this.followConcurrent(child);
      else watch(child, 'fn', { onRead: () => this.arrive(child) });
    }
  }

  /**
   * Jest 29 takes the functions of all concurrent tests before any test begins, asks for a test's name just before it
   * calls the function that it took, and puts in its place one that answers the promise of the result.
   */
  followConcurrent(test) {
    let taken = false;
    let entry;
    watch(test, 'fn', {
      onRead: () => {
        if (!this.arrive(test) && test.startedAt === null) taken = true;
      },
      onChange: guard('jest concurrent result', (fn) => {
        if (!taken) return;
        const settled = () => {
          if (entry) entry.settled = clock.mono();
        };
        fn().then(settled, settled);
      }),
    });
    watch(test, 'name', {
      onRead: () => {
        if (!taken || entry) return;
        taken = false;
        entry = this.begin(test);
        if (entry) context.enter(entry.context);
      },
    });
  }
}

/** Turns a property into an accessor that holds the same, tells of each reading, and of each change. */
function watch(target, key, { onRead, onChange }) {
  const own = Object.getOwnPropertyDescriptor(target, key);
  if (!own || !('value' in own) || !own.configurable) return;
  let { value } = own;
  Object.defineProperty(target, key, {
    get() {
      onRead();
      return value;
    },
    set(changed) {
      value = changed;
      if (onChange) onChange(changed);
    },
    configurable: true,
    enumerable: own.enumerable,
  });
}

module.exports = { Places };
