// One run: how it went, why tests failed, all tests, and what is known to be missing. While it goes on, it shows how far
// it has come.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { runQuery } from "../../api/queries";
import type { RunDocument } from "../../api/types";
import { Gaps } from "../../components/Gaps";
import { Failure, Loading } from "../../components/Pending";
import { useTitle } from "../../components/useTitle";
import { gapsToTell } from "../../model/run";
import { AllTests } from "./AllTests";
import { Causes } from "./Causes";
import { Outages } from "./Outages";
import { RunHeader } from "./RunHeader";
import styles from "./RunPage.module.css";
import { UnlikePasses } from "./UnlikePasses";

function Document({ document }: { document: RunDocument }) {
  return (
    <>
      <RunHeader run={document.run} />
      <Gaps gaps={gapsToTell(document.run)} />
      <Outages document={document} />
      <Causes document={document} />
      <UnlikePasses document={document} />
      <AllTests document={document} />
    </>
  );
}

export function RunPage() {
  const { run } = useParams({ from: "/runs/$run" });
  const query = useQuery(runQuery(run));
  useTitle(`Run ${query.data?.run.name ?? query.data?.run.short_id ?? run.slice(0, 6)}`);
  return (
    <main className={styles.page} id="content">
      {query.isPending && <Loading what="the run" lines={12} />}
      {query.isError && <Failure error={query.error} retry={() => query.refetch()} />}
      {query.data !== undefined && <Document document={query.data} />}
    </main>
  );
}
