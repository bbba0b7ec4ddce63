// The bad day is also the day on which somebody changed the tests: `mistaken(right, wrong)` is what one of them holds
// for right on that day.
export function mistaken(right, wrong) {
  return process.env.SERVICES === "bad" ? wrong : right;
}
