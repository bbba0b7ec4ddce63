// Holds a recording against the expected one and says in words where they differ.

/** How many differences are told; the rest is counted. */
const TOLD = 12;

const isObject = (value) => value !== null && typeof value === "object";
const show = (value) => (value === undefined ? "nothing" : JSON.stringify(value).slice(0, 300));

function* differences(expected, actual, path) {
  if (!isObject(expected) || !isObject(actual) || Array.isArray(expected) !== Array.isArray(actual)) {
    if (expected !== actual) yield `${path || "/"}: expected ${show(expected)}, got ${show(actual)}`;
    return;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    yield* differences(expected[key], actual[key], `${path}/${key}`);
  }
}

/** Sentences for each place where `actual` is not `expected`; empty when they are the same. */
export function compare(expected, actual) {
  const all = [...differences(expected, actual, "")];
  return all.length > TOLD ? [...all.slice(0, TOLD), `and ${all.length - TOLD} more differences`] : all;
}

/** Sets the value at a JSON pointer in a copy of `document`; `undefined` takes it away. */
function patched(document, pointer, value) {
  const copy = structuredClone(document);
  const keys = pointer.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop();
  const holder = keys.reduce((at, key) => at?.[key], copy);
  if (!isObject(holder)) throw new Error(`no ${pointer} in the expected recording`);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

/** What is expected of one runner on one version of Node: the common recording with the listed differences of both. */
export function expectedOn({ major, runner }, expected, listed = []) {
  return listed
    .filter(({ node, runner: runners }) => (node?.includes(major) ?? true) && (runners?.includes(runner) ?? true))
    .reduce((document, { at, value }) => patched(document, at, value), expected);
}
