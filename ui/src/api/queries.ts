// What the pages ask the server for. A sealed recording does not change, so its answers are kept for the visit; runs are
// asked for again while they are being recorded.
import { infiniteQueryOptions, QueryClient, queryOptions } from "@tanstack/react-query";
// Not through its index: the rest of the timeline comes with the page that draws it.
import { decodeTimeline } from "../timeline/decode";
import { ApiError, getBytes, getJson } from "./client";
import type { CallList, Graph, Head, LogList, RunDocument, RunPage, SpanDetail } from "./types";

const WHILE_RECORDING_MS = 2000;
const RUNS_REFRESH_MS = 5000;
const PAGE = 50;

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
    return getJson<RunPage>(`/runs?limit=${PAGE}${before}`, signal);
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => (page.more ? (page.runs.at(-1)?.started ?? null) : null),
  staleTime: 0,
  refetchInterval: RUNS_REFRESH_MS,
});

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ["run", run],
    queryFn: ({ signal }) => getJson<RunDocument>(`/runs/${encodeURIComponent(run)}`, signal),
    refetchInterval: (query) => (query.state.data?.run.state === "recording" ? WHILE_RECORDING_MS : false),
  });

const ofAttempt = (attempt: string, what: string) => `/attempts/${encodeURIComponent(attempt)}${what}`;

export const headQuery = (attempt: string) =>
  queryOptions({
    queryKey: ["attempt", attempt],
    queryFn: ({ signal }) => getJson<Head>(ofAttempt(attempt, ""), signal),
  });

export const timelineQuery = (attempt: string) =>
  queryOptions({
    queryKey: ["attempt", attempt, "timeline"],
    queryFn: async ({ signal }) => decodeTimeline(await getBytes(ofAttempt(attempt, "/timeline"), signal)),
    // Typed arrays over one buffer: comparing them deeply would cost more than drawing them.
    structuralSharing: false,
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
