// The recorded tests with their recent history, narrowed and ordered as asked for.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { ENTRIES, testsQuery } from "../../api/queries";
import type { ListedTest } from "../../api/types";
import { Button } from "../../components/Button";
import { Filter } from "../../components/Filter";
import { Nothing } from "../../components/Nothing";
import { Failure, Loading } from "../../components/Pending";
import { useTitle } from "../../components/useTitle";
import { ordered } from "../../model/history";
import { testTitle } from "../../model/run";
import type { TestsSearch } from "../../search";
import { matches, parseFilter } from "../../text/filter";
import { count } from "../../text/format";
import across from "../across.module.css";
import { TestsTable } from "./TestsTable";

/** Why there is no test, and what makes some come. */
function Empty({ search, all }: { search: TestsSearch; all: number }) {
  if (all > 0) return <Nothing title="No test is like that.">The filter leaves none of {count(all, "test")}.</Nothing>;
  if (search.flaky === undefined) {
    return (
      <Nothing title="No tests are recorded here yet." command="flakescope run -- npx mocha">
        Put this in front of the command that runs them.
      </Nothing>
    );
  }
  return (
    <Nothing title="No test is known to be flaky.">
      A test is called flaky when it failed and passed with nothing changed: on one commit, or on retry. Record the same
      commit again, or let the runner retry, and what is flaky shows up here.
    </Nothing>
  );
}

function Tests({ tests, search, sort }: { tests: ListedTest[]; search: TestsSearch; sort: SetSearch }) {
  const order = search.sort ?? "failed";
  const shown = useMemo(() => {
    const filter = parseFilter(search.q ?? "");
    const found = tests.filter((test) => matches(filter, { text: `${testTitle(test)} ${test.file}`, keys: {} }));
    return ordered(found, order);
  }, [tests, search.q, order]);
  if (shown.length === 0) {
    return (
      <div className={across.frame}>
        <Empty search={search} all={tests.length} />
      </div>
    );
  }
  return (
    <>
      <TestsTable
        tests={shown}
        order={order}
        setOrder={(next) => sort({ sort: next === "failed" ? undefined : next })}
      />
      <p className={across.from}>
        {count(shown.length, "test")};{" "}
        {tests.length === ENTRIES && `only the first ${ENTRIES.toLocaleString("en")} are shown; `}
        the bars are the newest runs of a test, at most 20, oldest first
      </p>
    </>
  );
}

type SetSearch = (part: Partial<TestsSearch>) => void;

export function TestsPage() {
  useTitle("Tests");
  const search = useSearch({ from: "/tests" });
  const navigate = useNavigate({ from: "/tests" });
  const set: SetSearch = useCallback(
    (part) => navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false }),
    [navigate],
  );
  const setText = useCallback((q: string) => set({ q: q === "" ? undefined : q }), [set]);
  const flaky = search.flaky === "true";
  const query = useQuery(testsQuery(flaky));
  return (
    <main className={across.page} id="content">
      <div className={across.head}>
        <h1 className={across.title}>Tests</h1>
        <div className={across.tools}>
          <Button
            look={flaky ? "plain" : "quiet"}
            aria-pressed={flaky}
            onClick={() => set({ flaky: flaky ? undefined : "true" })}
          >
            flaky only
          </Button>
          <Filter value={search.q ?? ""} onChange={setText} label="Filter tests" />
        </div>
      </div>
      {query.isPending && <Loading what="tests" lines={9} />}
      {query.isError && <Failure error={query.error} retry={() => query.refetch()} />}
      {query.data !== undefined && <Tests tests={query.data.tests} search={search} sort={set} />}
    </main>
  );
}
