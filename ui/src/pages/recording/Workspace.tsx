// The views of a recording, and beside them the details of what is selected.
import { Activity, ArrowLeftRight, Logs, Waypoints } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import type { Attempt, Head } from "../../api/types";
import { Filter } from "../../components/Filter";
import { Loading } from "../../components/Pending";
import { Splitter } from "../../components/Splitter";
import { useKeys } from "../../keyboard/keys";
import { VIEWS, type View } from "../../search";
import { Detail } from "./detail/Detail";
import { ExchangesView } from "./exchanges/ExchangesView";
import { LogsView } from "./logs/LogsView";
import { StretchChip } from "./StretchChip";
import type { RecordingState } from "./state";
import { TimelineView } from "./timeline/TimelineView";
import { useFailedCalls } from "./useFailedCalls";
import styles from "./Workspace.module.css";

const GraphView = lazy(() => import("./graph/GraphView").then((module) => ({ default: module.GraphView })));

/** Where the details stand below the view: as in the styles. */
const STACKED = "(max-width: 60rem)";

/** How long the details that were asked for are marked, in milliseconds. */
const FLASH = 1200;

interface ViewTab {
  Icon: typeof Logs;
  title: string;
  count?: (head: Head, attempt: Attempt) => number;
}

const TABS: Record<View, ViewTab> = {
  timeline: { Icon: Activity, title: "Timeline" },
  graph: { Icon: Waypoints, title: "Graph" },
  exchanges: { Icon: ArrowLeftRight, title: "Exchanges", count: (_, attempt) => attempt.exchanges },
  logs: { Icon: Logs, title: "Logs", count: (head) => head.logs },
};

interface Props {
  head: Head;
  attempt: Attempt;
  state: RecordingState;
  /** How often the verdict has led here: each time the details are brought into view. */
  looks: number;
}

function shown(view: View, props: Props): ReactNode {
  if (view === "graph") return <GraphView state={props.state} />;
  if (view === "exchanges") return <ExchangesView state={props.state} attempt={props.attempt} />;
  if (view === "logs") return <LogsView state={props.state} attempt={props.attempt} />;
  return <TimelineView state={props.state} attempt={props.attempt} />;
}

function bringIntoView(detail: HTMLElement | null) {
  detail?.scrollIntoView({ block: matchMedia(STACKED).matches ? "start" : "nearest" });
  // Where nothing had to move, this is all that shows that it was found.
  detail?.animate(
    [{ boxShadow: "inset 0 0 0 3px var(--accent)" }, { boxShadow: "inset 0 0 0 3px transparent" }],
    FLASH,
  );
}

function Tabs({ head, attempt, state }: Omit<Props, "looks">) {
  return (
    <div role="tablist" aria-label="Views" className={styles.tabs}>
      {VIEWS.map((view, index) => {
        const { Icon, title, count } = TABS[view];
        return (
          <button
            key={view}
            type="button"
            role="tab"
            id={`view-${view}`}
            aria-selected={state.view === view}
            aria-controls="view"
            tabIndex={state.view === view ? 0 : -1}
            title={`${title} (${index + 1})`}
            onClick={() => state.show(view)}
            onKeyDown={(event) => {
              const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
              const next = VIEWS[index + step];
              if (step === 0 || next === undefined) return;
              event.preventDefault();
              state.show(next);
              document.getElementById(`view-${next}`)?.focus();
            }}
          >
            <Icon size={14} aria-hidden />
            {title}
            {count !== undefined && <span className={styles.count}>{count(head, attempt).toLocaleString("en")}</span>}
            {view === "logs" && head.warnings > 0 && <span className={styles.warnings}>{head.warnings} ⚠</span>}
          </button>
        );
      })}
    </div>
  );
}

export function Workspace(props: Props) {
  const { state } = props;
  const detail = useRef<HTMLElement>(null);
  const failed = useFailedCalls(state);
  const shownSpan = useRef(state.span);
  useEffect(() => {
    // What was just selected is brought into view; what a link selected is not, because the verdict comes first.
    if (state.span !== null && state.span !== shownSpan.current) {
      bringIntoView(detail.current);
    }
    shownSpan.current = state.span;
  }, [state.span]);
  useEffect(() => {
    if (props.looks > 0) bringIntoView(detail.current);
  }, [props.looks]);
  useKeys({
    "1": () => state.show("timeline"),
    "2": () => state.show("graph"),
    "3": () => state.show("exchanges"),
    "4": () => state.show("logs"),
    "0": () => state.setStretch(null),
    e: () => failed.step(1),
    E: () => failed.step(-1),
    Enter: state.span === null ? undefined : () => detail.current?.focus(),
    Escape: state.span === null ? undefined : () => state.select(null),
  });
  const view = (
    <div role="tabpanel" id="view" aria-labelledby={`view-${state.view}`} className={styles.view}>
      <Suspense fallback={<Loading what={state.view} />}>{shown(state.view, props)}</Suspense>
    </div>
  );
  return (
    <section className={styles.workspace} aria-label="Recording">
      <div className={styles.bar}>
        <Tabs {...props} />
        <StretchChip state={state} />
        <Filter value={state.query} onChange={state.setQuery} label="Filter" />
      </div>
      <Splitter className={styles.panes} name="detail" label="Width of the details">
        {view}
        {state.span === null ? null : (
          <Detail key={state.span} ref={detail} span={state.span} state={state} attempt={props.attempt} />
        )}
      </Splitter>
    </section>
  );
}
