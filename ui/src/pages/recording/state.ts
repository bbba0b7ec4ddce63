// The state of the recording page, which is its address. Choosing is a new entry in the history; adjusting replaces it.
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { parseStretch, type RecordingSearch, type Stretch, type Tab, type View, writeStretch } from "../../search";

export interface RecordingState {
  attempt: string;
  view: View;
  span: string | null;
  tab: Tab | null;
  stretch: Stretch | null;
  query: string;
  select: (span: string | null, tab?: Tab) => void;
  show: (view: View, query?: string) => void;
  setTab: (tab: Tab) => void;
  setStretch: (stretch: Stretch | null) => void;
  setQuery: (query: string) => void;
}

export function useRecording(): RecordingState {
  const { attempt } = useParams({ from: "/a/$attempt" });
  const search = useSearch({ from: "/a/$attempt" });
  const navigate = useNavigate({ from: "/a/$attempt" });
  return useMemo(() => {
    const go = (change: RecordingSearch, replace: boolean) => {
      navigate({ search: (old) => ({ ...old, ...change }), replace, resetScroll: false });
    };
    return {
      attempt,
      view: search.view ?? "timeline",
      span: search.span ?? null,
      tab: search.tab ?? null,
      stretch: parseStretch(search.t),
      query: search.q ?? "",
      select: (span, tab) => go({ span: span ?? undefined, ...(tab === undefined ? {} : { tab }) }, false),
      show: (view, query) => {
        const shown = view === "timeline" ? undefined : view;
        go(query === undefined ? { view: shown } : { view: shown, q: query }, false);
      },
      setTab: (tab) => go({ tab }, true),
      setStretch: (stretch) => go({ t: writeStretch(stretch) }, true),
      setQuery: (query) => go({ q: query === "" ? undefined : query }, true),
    };
  }, [attempt, search, navigate]);
}

/** Whether something that happened from `at` to `end` belongs to the stretch that is shown. */
export function isWithin(stretch: Stretch | null, at: number, end: number): boolean {
  return stretch === null || (at <= stretch.to && end >= stretch.from);
}
