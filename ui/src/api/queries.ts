// What the pages ask the server for. A sealed recording does not change, so its answers are kept for the visit. What is
// being recorded is asked for again and again; the answers have tags, so what has not changed is not sent again.
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query";
// Not through its index: the rest of the timeline comes with the page that draws it.
import { decodeTimeline } from "../timeline/decode";
import { sameTimeline } from "../timeline/same";
import { ApiError, getBytes, getJson } from "./client";
import { pause, timed } from "./pace";
import type {
  CallList,
  DependencyList,
  Graph,
  Head,
  IncidentList,
  LogList,
  RunDocument,
  RunPage,
  SpanDetail,
  TestHistory,
  TestList,
} from "./types";

const WHILE_RECORDING_MS = 1000;
const RUNS_REFRESH_MS = 3000;
const PAGE = 50;
/** Tests, peers or incidents in one answer: more than anybody reads, and the server says the worst first. */
export const ENTRIES = 2000;

/** Retries only what a second try can change. */
export function newQueryClient(): QueryClient {
  const transient = (error: Error) => error instanceof ApiError && (error.status === 0 || error.status >= 500);
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && transient(error),
        retryDelay: (failures) => 300 * 2 ** failures,
      },
    },
  });
}

export const runsQuery = infiniteQueryOptions({
  queryKey: ["runs"],
  queryFn: ({ pageParam, signal }) => {
    const before = pageParam === null ? "" : `&before=${encodeURIComponent(pageParam)}`;
    return timed("runs", () => getJson<RunPage>(`/runs?limit=${PAGE}${before}`, signal));
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  staleTime: 0,
  refetchInterval: (query) => {
    const isLive = query.state.data?.pages.some((page) => page.runs.some((run) => run.state === "recording"));
    return pause("runs", isLive ? WHILE_RECORDING_MS : RUNS_REFRESH_MS);
  },
});

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ["run", run],
    queryFn: ({ signal }) => timed(run, () => getJson<RunDocument>(`/runs/${encodeURIComponent(run)}`, signal)),
    refetchInterval: (query) => (query.state.data?.run.state === "recording" ? pause(run, WHILE_RECORDING_MS) : false),
  });

const ofAttempt = (attempt: string, what: string) => `/attempts/${encodeURIComponent(attempt)}${what}`;

export const headQuery = (attempt: string) =>
  queryOptions({
    queryKey: ["attempt", attempt],
    queryFn: ({ signal }) => timed(attempt, () => getJson<Head>(ofAttempt(attempt, ""), signal)),
    refetchInterval: (query) =>
      query.state.data?.run.state === "recording" ? pause(attempt, WHILE_RECORDING_MS) : false,
  });

/** Whether a query asks for a part of a recording, not for its head. */
export function isPartOf(attempt: string, key: readonly unknown[]): boolean {
  return key[0] === "attempt" && key[1] === attempt && key.length > 2;
}

export const timelineQuery = (attempt: string) =>
  queryOptions({
    queryKey: ["attempt", attempt, "timeline"],
    queryFn: async ({ signal }) => decodeTimeline(await getBytes(ofAttempt(attempt, "/timeline"), signal)),
    structuralSharing: sameTimeline,
  });

export const callsQuery = (attempt: string) =>
  queryOptions({
    queryKey: ["attempt", attempt, "exchanges"],
    queryFn: ({ signal }) => getJson<CallList>(ofAttempt(attempt, "/exchanges"), signal),
  });

export const logsQuery = (attempt: string) =>
  queryOptions({
    queryKey: ["attempt", attempt, "logs"],
    queryFn: ({ signal }) => getJson<LogList>(ofAttempt(attempt, "/logs"), signal),
  });

export const graphQuery = (attempt: string) =>
  queryOptions({
    queryKey: ["attempt", attempt, "graph"],
    queryFn: ({ signal }) => getJson<Graph>(ofAttempt(attempt, "/graph"), signal),
  });

export const spanQuery = (attempt: string, span: string) =>
  queryOptions({
    queryKey: ["attempt", attempt, "span", span],
    queryFn: ({ signal }) => getJson<SpanDetail>(ofAttempt(attempt, `/spans/${encodeURIComponent(span)}`), signal),
  });

// What is told across runs takes the server longer than one recording does, and changes when a run ends: it is asked for
// when its page is opened, not while it is looked at.
const ACROSS_RUNS = { staleTime: 0 };

export const testsQuery = (flaky: boolean) =>
  queryOptions({
    ...ACROSS_RUNS,
    queryKey: ["tests", flaky],
    queryFn: ({ signal }) => getJson<TestList>(`/tests?limit=${ENTRIES}${flaky ? "&flaky=true" : ""}`, signal),
    placeholderData: keepPreviousData,
  });

export const testQuery = (test: string) =>
  queryOptions({
    ...ACROSS_RUNS,
    queryKey: ["test", test],
    queryFn: ({ signal }) => getJson<TestHistory>(`/tests/${encodeURIComponent(test)}`, signal),
  });

export const dependenciesQuery = queryOptions({
  ...ACROSS_RUNS,
  queryKey: ["dependencies"],
  queryFn: ({ signal }) => getJson<DependencyList>(`/dependencies?limit=${ENTRIES}`, signal),
});

export const incidentsQuery = queryOptions({
  ...ACROSS_RUNS,
  queryKey: ["incidents"],
  queryFn: ({ signal }) => getJson<IncidentList>(`/incidents?limit=${ENTRIES}`, signal),
});
