// One recording: the verdict on top, below it what the verdict stands on.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { headQuery } from "../../api/queries";
import type { Attempt, Head } from "../../api/types";
import { Banner } from "../../components/Banner";
import { Gaps } from "../../components/Gaps";
import { Failure, Loading } from "../../components/Pending";
import { useTitle } from "../../components/useTitle";
import { useKeys } from "../../keyboard/keys";
import { verdictMarkdown } from "../../model/markdown";
import { testTitle } from "../../model/run";
import { copyText } from "../../text/clipboard";
import { RecordingHeader } from "./RecordingHeader";
import styles from "./RecordingPage.module.css";
import { type RecordingState, useRecording } from "./state";
import { useLive } from "./useLive";
import { Verdict } from "./verdict/Verdict";
import { Workspace } from "./Workspace";

/** What is still to come of a recording whose run goes on. */
function Live({ attempt }: { attempt: Attempt }) {
  const isOver = attempt.duration_ms !== null;
  if (isOver && attempt.status === "passed") return null;
  return (
    <Banner kind="note">
      {isOver ? "The verdict comes when the run has ended." : "This test is running. What it does shows up here."}
    </Banner>
  );
}

function Recording({ head, asked }: { head: Head; asked: number }) {
  const state = useRecording();
  useLive(head, asked);
  const navigate = useNavigate();
  const [looks, setLooks] = useState(0);
  // What is open already is shown once more: the address, and with it the page, would stay as they are.
  const see: RecordingState["select"] = (span, tab) => {
    state.select(span, tab);
    setLooks((looks) => looks + 1);
  };
  useTitle(testTitle(head.test));
  useEffect(() => {
    // For measurements, beside the timeline's own mark.
    performance.mark("flakescope:header");
  }, []);
  const attempt = head.test.attempts[0];
  const culprit = attempt?.diagnosis?.culprit ?? null;
  const to = (id: string | null) => id !== null && navigate({ to: "/a/$attempt", params: { attempt: id } });
  useKeys({
    c: () => culprit !== null && see(culprit.span_id, "response"),
    "[": () => to(head.previous),
    "]": () => to(head.next),
    h: () => navigate({ to: "/tests/$test", params: { test: head.test.id } }),
    y: () => copyText(location.href),
    m: () => attempt && copyText(verdictMarkdown(head.test, attempt, location.href)),
  });
  if (attempt === undefined) return null;
  return (
    <>
      <RecordingHeader head={head} attempt={attempt} />
      {head.run.state === "recording" && <Live attempt={attempt} />}
      <Verdict test={head.test} attempt={attempt} select={see} />
      <Gaps gaps={attempt.gaps} />
      <Workspace head={head} attempt={attempt} state={state} looks={looks} />
    </>
  );
}

export function RecordingPage() {
  const { attempt } = useParams({ from: "/a/$attempt" });
  const query = useQuery(headQuery(attempt));
  return (
    <main className={styles.page} id="content">
      {query.isPending && <Loading what="the recording" lines={12} />}
      {query.isError && <Failure error={query.error} retry={() => query.refetch()} />}
      {query.data !== undefined && (
        <Recording head={query.data} asked={query.dataUpdatedAt} key={query.data.test.attempts[0]?.id} />
      )}
    </main>
  );
}
