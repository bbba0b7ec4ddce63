// The recorded runs, newest first; before there are any, how to make one.
import { useInfiniteQuery } from "@tanstack/react-query";
import { runsQuery } from "../../api/queries";
import { Button } from "../../components/Button";
import { Failure, Loading } from "../../components/Pending";
import { useTitle } from "../../components/useTitle";
import { FirstRun } from "./FirstRun";
import styles from "./RunsPage.module.css";
import { RunsTable } from "./RunsTable";

export function RunsPage() {
  useTitle("Runs");
  const query = useInfiniteQuery(runsQuery);
  const runs = query.data?.pages.flatMap((page) => page.runs) ?? [];
  if (query.isSuccess && runs.length === 0) return <FirstRun />;
  return (
    <main className={styles.page} id="content">
      <h1 className={styles.title}>Runs</h1>
      {query.isPending && <Loading what="runs" lines={9} />}
      {query.isError && <Failure error={query.error} retry={() => query.refetch()} />}
      {runs.length > 0 && <RunsTable runs={runs} />}
      {query.hasNextPage && (
        <Button onClick={() => query.fetchNextPage()} disabled={query.isFetchingNextPage}>
          Older runs
        </Button>
      )}
    </main>
  );
}
