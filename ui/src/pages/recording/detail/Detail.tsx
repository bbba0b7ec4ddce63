// What was captured of the selected span. A call opens at its response.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { Tabs } from "radix-ui";
import type { ReactNode, Ref } from "react";
import { ApiError } from "../../../api/client";
import { spanQuery } from "../../../api/queries";
import type { Attempt, SpanDetail } from "../../../api/types";
import { Banner } from "../../../components/Banner";
import { Button } from "../../../components/Button";
import { Copy } from "../../../components/Copy";
import { Failure, Loading } from "../../../components/Pending";
import { SafeText } from "../../../components/SafeText";
import { useKeys } from "../../../keyboard/keys";
import { hasFailed, outcome } from "../../../model/calls";
import type { Tab } from "../../../search";
import { copyText } from "../../../text/clipboard";
import { curl } from "../../../text/curl";
import { duration, offset } from "../../../text/format";
import type { RecordingState } from "../state";
import styles from "./Detail.module.css";
import { Facts } from "./Facts";
import { MessageTab } from "./MessageTab";
import { SpanLogs } from "./SpanLogs";
import { TimingTab } from "./TimingTab";

interface Props {
  ref?: Ref<HTMLElement>;
  span: string;
  state: RecordingState;
  attempt: Attempt;
}

interface Pane {
  tab: Tab;
  title: string;
  content: ReactNode;
}

function panes(span: SpanDetail, state: RecordingState): Pane[] {
  const { exchange } = span;
  const facts: Pane = { tab: "facts", title: "Facts", content: <Facts span={span} /> };
  const logs: Pane = { tab: "logs", title: "Logs", content: <SpanLogs span={span} state={state} /> };
  if (exchange === null) return [facts, logs];
  return [
    {
      tab: "response",
      title: "Response",
      content: <MessageTab message={exchange.response} exchange={exchange} side="response" />,
    },
    {
      tab: "request",
      title: "Request",
      content: <MessageTab message={exchange.request} exchange={exchange} side="request" />,
    },
    { tab: "timing", title: "Timing", content: <TimingTab span={span} exchange={exchange} /> },
    facts,
    logs,
  ];
}

function command(span: SpanDetail): string | null {
  const { exchange } = span;
  if (exchange === null) return null;
  return curl({ ...exchange, headers: exchange.request.headers, body: exchange.request.body });
}

function Title({ span, state }: { span: SpanDetail; state: RecordingState }) {
  const { exchange } = span;
  const failed = exchange !== null && hasFailed(exchange);
  return (
    <header className={styles.head}>
      <div className={styles.line}>
        <h2 className={styles.title}>
          {exchange === null ? (
            <SafeText text={span.name} />
          ) : (
            <code>
              <b>{exchange.method}</b> <SafeText text={exchange.url} />
            </code>
          )}
        </h2>
        <Button look="quiet" onClick={() => state.select(null)} aria-label="Close the details" title="Close (Esc)">
          <X size={16} aria-hidden />
        </Button>
      </div>
      <div className={styles.facts}>
        {exchange !== null && (
          <span className={styles.status} data-failed={failed || undefined}>
            <SafeText text={outcome(exchange)} />
          </span>
        )}
        <span>{duration(span.duration_ms)}</span>
        <span>{offset(span.at_ms)}</span>
        <span>
          <SafeText text={span.peer === null ? span.service : `${span.service} → ${span.peer}`} />
          {span.role !== null && span.role !== "unknown" && ` (${span.role})`}
        </span>
        {exchange !== null && (
          <span className={styles.copy}>
            <Copy text={() => command(span) ?? ""}>Copy as cURL</Copy>
          </span>
        )}
      </div>
    </header>
  );
}

function Shown({ span, state }: { span: SpanDetail; state: RecordingState }) {
  const all = panes(span, state);
  const tab = all.find((pane) => pane.tab === state.tab)?.tab ?? all[0]?.tab ?? "facts";
  useKeys({
    Y: () => {
      const text = command(span);
      if (text !== null) copyText(text);
    },
  });
  return (
    <>
      <Title span={span} state={state} />
      <Tabs.Root className={styles.tabs} value={tab} onValueChange={(next) => state.setTab(next as Tab)}>
        <Tabs.List className={styles.list} aria-label="Details">
          {all.map((pane) => (
            <Tabs.Trigger key={pane.tab} value={pane.tab} className={styles.trigger}>
              {pane.title}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {all.map((pane) => (
          <Tabs.Content key={pane.tab} value={pane.tab} className={styles.content}>
            {pane.content}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </>
  );
}

/** A verdict may hold a failure against a call of a hook, which is in the hook's own recording. */
function Unknown({ span, state, attempt }: Props) {
  return (
    <div className={styles.unknown}>
      <Banner kind="warning" action={<Button onClick={() => state.select(null)}>Close</Button>}>
        <p>
          Span <code>{span}</code> is not in this recording.
        </p>
        {attempt.fixtures.length > 0 && (
          <p>
            It may be in a hook that this test uses:{" "}
            {attempt.fixtures.map((fixture, index) => (
              <Link
                key={fixture}
                to="/a/$attempt"
                params={{ attempt: fixture }}
                search={{ span }}
                className={styles.hook}
              >
                hook {index + 1}
              </Link>
            ))}
          </p>
        )}
      </Banner>
    </div>
  );
}

export function Detail(props: Props) {
  const { ref, span, state } = props;
  const query = useQuery(spanQuery(state.attempt, span));
  const isUnknown = query.error instanceof ApiError && (query.error.status === 404 || query.error.status === 400);
  return (
    <aside ref={ref} className={styles.detail} aria-label="Details" tabIndex={-1} data-own-keys>
      {query.isPending && <Loading what="the span" lines={9} />}
      {isUnknown && <Unknown {...props} />}
      {query.isError && !isUnknown && <Failure error={query.error} retry={() => query.refetch()} />}
      {query.data !== undefined && <Shown span={query.data} state={state} />}
    </aside>
  );
}
