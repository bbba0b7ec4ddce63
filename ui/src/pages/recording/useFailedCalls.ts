// Steps from failed call to failed call, in any view.
import { useQuery } from "@tanstack/react-query";
import { callsQuery } from "../../api/queries";
import { hasFailed } from "../../model/calls";
import type { RecordingState } from "./state";

export function useFailedCalls(state: RecordingState): { step: (by: 1 | -1) => void } {
  const calls = useQuery(callsQuery(state.attempt)).data?.calls ?? [];
  return {
    step: (by) => {
      const at = calls.findIndex((call) => call.span_id === state.span);
      const order = by === 1 ? calls.slice(at + 1) : calls.slice(0, at < 0 ? undefined : at).reverse();
      const next = order.find(hasFailed) ?? (by === 1 ? calls : [...calls].reverse()).find(hasFailed);
      if (next !== undefined) state.select(next.span_id);
    },
  };
}
