// How the founding article wraps a test: a span around it, with who runs it and for what. As it is printed there, the
// span is never ended; `traced` does what it leaves to the reader.
"use strict";
const { SpanStatusCode, trace } = require("@opentelemetry/api");

const tracer = trace.getTracer("integration-tests");

function tag(span) {
  span.setAttribute("lumigo.execution_tags.invoker", "octocat");
  span.setAttribute("lumigo.execution_tags.pull_requests", ["1204", "1207"]);
}

exports.asPrinted = (testName, testCode) => {
  it(testName, async function () {
    const test = async (span) => {
      tag(span);
      await testCode(span);
    };
    await tracer.startActiveSpan(testName, test);
  });
};

exports.traced = (testName, testCode) => {
  it(testName, async function () {
    const test = async (span) => {
      tag(span);
      try {
        await testCode(span);
      } catch (error) {
        span.recordException(error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
        throw error;
      } finally {
        span.end();
      }
    };
    await tracer.startActiveSpan(testName, test);
  });
};
