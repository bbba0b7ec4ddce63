// A body as captured: laid out when it is JSON or a form, or as it is. It is text, never markup. Small ones are drawn
// whole, so that the browser's own search and selection work; of long ones only what is seen.
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useMemo, useRef, useState } from "react";
import type { Message } from "../../../api/types";
import { Button } from "../../../components/Button";
import { Copy } from "../../../components/Copy";
import { SafeText } from "../../../components/SafeText";
import { size } from "../../../text/format";
import { type Layout, type Line, layoutJson } from "../../../text/json";
import { pairs } from "../../../text/url";
import styles from "./Body.module.css";
import { Pairs } from "./Pairs";

const DRAWN_WHOLE = 400;
const LINE_PX = 20;

interface Props {
  message: Message;
  contentType: string;
  side: "request" | "response";
}

const LineText = memo(function LineText({ line }: { line: Line }) {
  return (
    <>
      {"  ".repeat(Math.min(line.depth, 40))}
      {line.tokens.map((token, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the tokens of a line never move
        <span key={index} className={styles[token.kind]}>
          <SafeText text={token.text} />
        </span>
      ))}
    </>
  );
});

function LongLines({ lines }: { lines: Line[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <section ref={scroller} className={styles.scroller} tabIndex={0} aria-label="Body">
      <div className={styles.long} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          return (
            <div
              key={item.index}
              ref={virtual.measureElement}
              data-index={item.index}
              className={styles.line}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {line !== undefined && <LineText line={line} />}
            </div>
          );
        })}
      </div>
    </section>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  if (lines.length > DRAWN_WHOLE) return <LongLines lines={lines} />;
  return (
    <pre className={styles.whole}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a body never move
        <div key={index}>
          <LineText line={line} />
        </div>
      ))}
    </pre>
  );
}

function plain(text: string): Line[] {
  return text.split("\n").map((line) => ({ depth: 0, tokens: [{ kind: "rest", text: line }] }));
}

function Marks({ message, layout }: { message: Message; layout: Layout | null }) {
  return (
    <span className={styles.marks}>
      {size(message.body_size)}
      {message.body_cut && <b className={styles.cut}>cut: only the beginning was kept</b>}
      {layout?.broken && !message.body_cut && <b className={styles.cut}>not whole JSON</b>}
    </span>
  );
}

function Empty({ message }: { message: Message }) {
  const isEmpty = message.body_size === null || message.body_size === 0;
  return (
    <p className={styles.empty}>
      {isEmpty ? "empty" : `${size(message.body_size)} that are not text, or were not kept`}
    </p>
  );
}

export function Body({ message, contentType, side }: Props) {
  const [raw, setRaw] = useState(false);
  const { body } = message;
  const layout = useMemo(() => (body === null ? null : layoutJson(body)), [body]);
  const isForm = body !== null && /^application\/x-www-form-urlencoded/i.test(contentType);
  const lines = useMemo(() => (layout !== null && !raw ? layout.lines : plain(body ?? "")), [layout, raw, body]);
  return (
    <section className={styles.section} aria-label={`${side} body`}>
      <div className={styles.head}>
        <h3>Body</h3>
        <Marks message={message} layout={layout} />
        {body !== null && (layout !== null || isForm) && (
          <Button look="quiet" aria-pressed={raw} onClick={() => setRaw(!raw)}>
            {raw ? "Laid out" : "Raw"}
          </Button>
        )}
        {body !== null && body !== "" && <Copy text={() => body}>Copy body</Copy>}
      </div>
      {body === null || body === "" ? (
        <Empty message={message} />
      ) : isForm && !raw ? (
        <Pairs title="Form" pairs={pairs(body)} />
      ) : (
        <Lines lines={lines} />
      )}
    </section>
  );
}
