const { SpanStatusCode, trace } = require("@opentelemetry/api");
const { call } = require("../call.cjs");

const tracer = trace.getTracer("shop", "1.0.0");

describe("own spans", () => {
  it("surround a call", () =>
    tracer.startActiveSpan("load basket", async (span) => {
      span.setAttribute("shop.basket", 7);
      await call("/json");
      span.end();
    }));
  it("nest and fail", () =>
    tracer.startActiveSpan("outer", async (outer) => {
      tracer.startActiveSpan("inner", (inner) => {
        inner.recordException(new Error("inner failure"));
        inner.setStatus({ code: SpanStatusCode.ERROR, message: "failed" });
        inner.end();
      });
      await call("/503");
      outer.end();
    }));
});
