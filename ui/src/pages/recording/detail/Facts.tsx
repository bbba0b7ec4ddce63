// Everything else that is known of a span: its attributes, what happened within it, and the process that it ran in.
import type { SpanDetail } from "../../../api/types";
import { offset } from "../../../text/format";
import { Pairs } from "./Pairs";

function pairsOf(facts: Record<string, unknown>): { name: string; value: string }[] {
  return Object.entries(facts).map(([name, value]) => ({
    name,
    value: typeof value === "string" ? value : JSON.stringify(value),
  }));
}

export function Facts({ span }: { span: SpanDetail }) {
  const own = [
    { name: "name", value: span.name },
    { name: "kind", value: span.kind },
    { name: "span id", value: span.span_id },
    ...(span.parent_span_id === null ? [] : [{ name: "parent span id", value: span.parent_span_id }]),
    { name: "status", value: span.status_message === null ? span.status : `${span.status}: ${span.status_message}` },
  ];
  return (
    <>
      <Pairs title="Span" pairs={own} />
      {span.events.map((event, index) => (
        <Pairs
          // biome-ignore lint/suspicious/noArrayIndexKey: events of one name may repeat, and never move
          key={index}
          title={`${event.name} at ${offset(event.at_ms)}`}
          pairs={pairsOf(event.attributes)}
        />
      ))}
      <Pairs title="Attributes" pairs={pairsOf(span.attributes)} />
      <Pairs title="Process" pairs={pairsOf(span.resource)} />
    </>
  );
}
