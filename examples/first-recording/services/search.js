// The search cluster. On a bad day the first node that is asked fails, the next one answers.
const HITS = [{ sku: "TEA-1", name: "small teapot" }, { sku: "TEA-2", name: "large teapot" }];

export function search(bad) {
  let asked = 0;
  return () => {
    asked += 1;
    if (bad && asked === 1) {
      return { status: 500, json: { error: { type: "search_phase_execution_exception", reason: "all shards failed" } } };
    }
    return { json: { hits: { hits: HITS.map((_source) => ({ _source })) } } };
  };
}
