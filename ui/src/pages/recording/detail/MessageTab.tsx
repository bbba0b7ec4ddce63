// A request or an answer: query, headers and body.

import type { Exchange, Message } from "../../../api/types";
import { Banner } from "../../../components/Banner";
import { SafeText } from "../../../components/SafeText";
import { duration } from "../../../text/format";
import { urlParts } from "../../../text/url";
import { Body } from "./Body";
import { Pairs } from "./Pairs";

interface Props {
  message: Message | null;
  exchange: Exchange;
  side: "request" | "response";
}

function contentType(message: Message): string {
  return message.headers.find((header) => header.name.toLowerCase() === "content-type")?.value ?? "";
}

function NoAnswer({ exchange }: { exchange: Exchange }) {
  const limit = exchange.timeout_ms === null ? "" : ` The client waits ${duration(exchange.timeout_ms)}.`;
  return (
    <Banner kind={exchange.error === null && exchange.duration_ms !== null ? "note" : "error"}>
      <p>
        {exchange.error === null ? "No answer was recorded." : <SafeText text={`No answer: ${exchange.error}`} />}
        {limit}
      </p>
      {exchange.error_message !== null && (
        <p>
          <SafeText text={exchange.error_message} />
        </p>
      )}
    </Banner>
  );
}

export function MessageTab({ message, exchange, side }: Props) {
  if (message === null) return <NoAnswer exchange={exchange} />;
  const query = side === "request" ? urlParts(exchange.url).query : [];
  const body = <Body message={message} contentType={contentType(message)} side={side} />;
  const headers = <Pairs title={`${side === "request" ? "Request" : "Response"} headers`} pairs={message.headers} />;
  return (
    <>
      {side === "response" && exchange.error !== null && <NoAnswer exchange={exchange} />}
      {query.length > 0 && <Pairs title="Query" pairs={query} />}
      {body}
      {headers}
    </>
  );
}
