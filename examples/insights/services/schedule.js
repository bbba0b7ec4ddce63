// Who misbehaves on a bad day, and to whom. What a service does depends on the name of the company that asks, or on
// that of the function, and at most on how often it was asked before: never on chance and never on the clock.

const BAD_DAY = {
  // AWS Lambda, by the name of the function without its number.
  throttledInvocation: "crash-burst",
  throttledLookUp: "crash-connect",
  reportsAtShutdown: "crash-late",

  // AWS Lambda, by the access key, from its second call on.
  expiredCredentials: "ASIAPARTNERACCOUNT00",
  resetsConnection: "ASIASUGGESTIONS00000",

  // Elasticsearch, by the company. Two tests share the company `demo`. What the second finds must not depend on
  // which is faster, so it is kept waiting for the insight of the first; run alone, it waits in vain.
  failsToIndexOnce: "resilient",
  failsToSearch: "searching",
  answersTooLate: "timeline",
  countsInTheOldShape: "counting",
  waitsForTheOtherTest: "demo",

  // Slack, by the company to which the token was given.
  revokedToken: "revoked",
  expiredToken: "rotated",
  unavailableOnce: "hello",
};

/** The misbehaviour of the day, which SERVICES names: on a `good` day there is none. */
export const schedule = scheduleOf(process.env.SERVICES);

function scheduleOf(day = "good") {
  if (day === "bad") return BAD_DAY;
  if (day === "good") return {};
  throw new Error(`SERVICES is good or bad, not ${day}`);
}
