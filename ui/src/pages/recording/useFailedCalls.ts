// Steps from failed call to failed call, in any view.
import { useQuery } from "@tanstack/react-query";
import { timelineQuery } from "../../api/queries";
import { nextFailure } from "../../model/failures";
import type { RecordingState } from "./state";

export function useFailedCalls(state: RecordingState): { step: (by: 1 | -1) => void } {
  const timeline = useQuery(timelineQuery(state.attempt)).data;
  return {
    step: (by) => {
      const next = timeline === undefined ? null : nextFailure(timeline, state.span, by);
      if (next !== null) state.select(next);
    },
  };
}
