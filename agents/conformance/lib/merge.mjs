// Merges the lines of a spool into one recording: the rule of protocol/spool.md, written without looking
// at any other implementation of it. Ended beats not ended, more complete beats less, equal is a duplicate.

/** How much a span line knows: used only to compare two lines of the same span. */
function completeness(span) {
  const size = (value) => (value === undefined ? 0 : Object.keys(value).length);
  return [
    span.end === undefined ? 0 : 1,
    size(span.attrs) + size(span.events) + size(span.links) + (span.status === undefined ? 0 : 1),
    JSON.stringify(span).length,
  ];
}

/** The line that is kept of two lines of one span. */
export function better(one, other) {
  const [a, b] = [completeness(one), completeness(other)];
  for (const index of a.keys()) {
    if (a[index] !== b[index]) return a[index] > b[index] ? one : other;
  }
  return one;
}

/**
 * Merges segments into `{spans, logs, listens, tags, gaps}`.
 * Each span gets `lines` (how many were written), `first` (the first of them) and `instance` (who wrote it).
 */
export function merge(segments) {
  const spans = new Map();
  const recording = { logs: [], listens: [], tags: [], gaps: [] };
  const lists = { log: recording.logs, listen: recording.listens, tag: recording.tags, gap: recording.gaps };
  for (const { head, records } of segments) {
    for (const record of records) {
      if (record.t === "span") addSpan(spans, record, head);
      else lists[record.t]?.push(record);
    }
  }
  return { spans: [...spans.values()], ...recording };
}

function addSpan(spans, record, head) {
  const known = spans.get(record.id);
  if (known === undefined) {
    spans.set(record.id, { ...record, lines: 1, first: record, instance: head?.instance });
    return;
  }
  const { lines, first, instance, ...kept } = known;
  spans.set(record.id, { ...better(kept, record), lines: lines + 1, first, instance });
}
