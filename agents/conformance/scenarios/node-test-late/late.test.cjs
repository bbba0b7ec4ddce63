const { test } = require("node:test");

let others;

/** Goes off in the context of its test, when that is over and another one runs. */
function later(goOff) {
  const timer = setInterval(() => {
    if (!others) return;
    clearInterval(timer);
    setImmediate(others);
    others = undefined;
    goOff();
  }, 1);
}
const running = () => new Promise((resolve) => (others = resolve));

test("throws later", () => later(() => {
  throw new TypeError("too late");
}));
test("is there then", running);
test("rejects later", () => later(() => {
  Promise.reject(new Error("too late as well"));
}));
test("is there then, too", running);
