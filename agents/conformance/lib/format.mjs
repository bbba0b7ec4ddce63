// Writes JSON so that a person can read the difference of two recordings: short things on one line.

const WIDTH = 140;

/** JSON of `value`, indented by one space, where what fits into a line stays on it. */
export function format(value, indent = "") {
  const flat = JSON.stringify(value);
  if (flat.length + indent.length <= WIDTH || value === null || typeof value !== "object") return flat;
  const inner = `${indent} `;
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + format(item, inner)).join(",\n")}\n${indent}]`;
  const members = Object.entries(value).map(([key, member]) => `${inner}${JSON.stringify(key)}: ${format(member, inner)}`);
  return `{\n${members.join(",\n")}\n${indent}}`;
}
