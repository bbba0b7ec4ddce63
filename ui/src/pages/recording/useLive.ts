// Follows a recording that goes on: whenever its head was asked for again, so are the parts that are shown of it.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { isPartOf } from "../../api/queries";
import type { Head } from "../../api/types";

/** `asked` changes with each answer. The one that says that the run is over is followed as well: it has what came last. */
export function useLive(head: Head, asked: number): void {
  const client = useQueryClient();
  const attempt = head.test.attempts[0]?.id ?? "";
  const isLive = head.run.state === "recording";
  const last = useRef({ asked, isLive });
  useEffect(() => {
    const isNews = asked !== last.current.asked && (isLive || last.current.isLive);
    last.current = { asked, isLive };
    if (isNews) client.invalidateQueries({ predicate: ({ queryKey }) => isPartOf(attempt, queryKey) });
  }, [asked, isLive, attempt, client]);
}
