// Reads the words of the contract out of protocol/attributes.md, so that an agent is held to the page itself.
import { readFileSync } from "node:fs";

const PAGE = new URL("../../../protocol/attributes.md", import.meta.url);
const quoted = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);

/** Rows of the tables below the heading `title`, as arrays of cells. */
function rows(page, title) {
  const section = page.split(/^## /m).find((part) => part.startsWith(title)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** Names of one row; `.jwt.nbf` after `a.b.jwt.exp` stands for `a.b.jwt.nbf`. */
function names(cell) {
  const [first, ...more] = quoted(cell);
  const prefix = (name) => first.slice(0, first.indexOf(name.slice(0, name.indexOf(".", 1))));
  return [first, ...more.map((name) => (name.startsWith(".") ? prefix(name) + name : name))];
}

const CHECKS = {
  string: (value) => typeof value === "string",
  int: (value) => Number.isInteger(value),
  bool: (value) => typeof value === "boolean",
  "string[]": (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
};

/** `{attribute(name, value), gap(kind)}`: each gives a complaint, or `undefined` when the page allows it. */
export function vocabulary() {
  const page = readFileSync(PAGE, "utf8");
  const types = new Map();
  for (const [cell] of rows(page, "From the semantic conventions")) for (const name of names(cell)) types.set(name, undefined);
  for (const [cell, type] of rows(page, "Ours")) for (const name of names(cell)) types.set(name, type);
  const prefixes = [...types.keys()].filter((name) => name.endsWith("<key>")).map((name) => name.slice(0, -"<key>".length));
  const gaps = new Set(rows(page, "Gaps").flatMap(([cell]) => quoted(cell)));
  return {
    attribute(name, value) {
      if (prefixes.some((prefix) => name.startsWith(prefix))) return CHECKS["string[]"](value) ? undefined : `${name} is not an array of strings`;
      if (!types.has(name)) return `${name} is not in attributes.md`;
      const type = types.get(name);
      return type === undefined || CHECKS[type](value) ? undefined : `${name} is not of type ${type}: ${JSON.stringify(value)}`;
    },
    gap: (kind) => (gaps.has(kind) ? undefined : `gap kind ${kind} is not in attributes.md`),
  };
}
