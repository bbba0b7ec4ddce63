// Whom the tests call, and what that costs: the page of `flakescope list dependencies`.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { dependenciesQuery } from "../../api/queries";
import type { DependencyList } from "../../api/types";
import { Filter } from "../../components/Filter";
import { Nothing } from "../../components/Nothing";
import { Failure, Loading } from "../../components/Pending";
import { useTitle } from "../../components/useTitle";
import { matches, parseFilter } from "../../text/filter";
import { count } from "../../text/format";
import across from "../across.module.css";
import { Peer } from "./Peer";

function from({ recordings, runs, left_out }: DependencyList): string {
  const left = left_out === 0 ? "" : `; ${count(left_out, "recording")} of them left out`;
  return `from ${count(recordings, "recording")} of the newest ${count(runs, "run")}${left}`;
}

function Peers({ list, text }: { list: DependencyList; text: string }) {
  const filter = parseFilter(text);
  const shown = list.dependencies.filter(({ name, role }) =>
    matches(filter, { text: `${name} ${role}`, keys: { peer: name } }),
  );
  return (
    <>
      {shown.map((peer) => (
        <Peer key={`${peer.role} ${peer.name}`} peer={peer} />
      ))}
      {shown.length === 0 && (
        <div className={across.frame}>
          {list.dependencies.length === 0 ? (
            <Nothing title="No calls are recorded here yet." command="flakescope run -- npx mocha">
              Record tests that call something, and whom they call shows up here.
            </Nothing>
          ) : (
            <Nothing title="No dependency is like that.">
              The filter leaves none of {count(list.dependencies.length, "peer")}.
            </Nothing>
          )}
        </div>
      )}
      <p className={across.from}>
        {from(list)}. Errors that tests expect are among the errors: nothing here says which they are.
      </p>
    </>
  );
}

export function DependenciesPage() {
  useTitle("Dependencies");
  const { q = "" } = useSearch({ from: "/dependencies" });
  const navigate = useNavigate({ from: "/dependencies" });
  const setText = useCallback(
    (q: string) => navigate({ search: { q: q === "" ? undefined : q }, replace: true, resetScroll: false }),
    [navigate],
  );
  const query = useQuery(dependenciesQuery);
  return (
    <main className={across.page} id="content">
      <div className={across.head}>
        <h1 className={across.title}>Dependencies</h1>
        <Filter value={q} onChange={setText} label="Filter dependencies" />
      </div>
      {query.isPending && <Loading what="dependencies" lines={9} />}
      {query.isError && <Failure error={query.error} retry={() => query.refetch()} />}
      {query.data !== undefined && <Peers list={query.data} text={q} />}
    </main>
  );
}
