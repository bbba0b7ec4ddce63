// The pipeline: makes insights of crashes while those who reported them go on.
//
//   node --import ./product/tracing.js product/worker.js
import { serve } from "./service.js";
import { lookInto } from "./insight.js";

const underWay = new Set();

await serve({
  host: "127.0.0.15",
  routes: { "POST /crashes": accept },
  drain: () => Promise.all(underWay),
});

function accept({ body }) {
  const work = lookInto(body)
    .catch((error) => console.error(`no insight into a crash of ${body.crash.function}: ${error.message}`))
    .finally(() => underWay.delete(work));
  underWay.add(work);
  return { status: 202, json: { accepted: true } };
}
