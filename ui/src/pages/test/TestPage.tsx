// What the recordings of a test say together: the page of `flakescope why TEST`.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { testQuery } from "../../api/queries";
import type { TestHistory } from "../../api/types";
import { Failure, Loading } from "../../components/Pending";
import { useTitle } from "../../components/useTitle";
import { testTitle } from "../../model/run";
import across from "../across.module.css";
import { Differs } from "./Differs";
import { Duration } from "./Duration";
import { Outcomes } from "./Outcomes";
import { Polls } from "./Polls";
import { Rates } from "./Rates";
import { TestHeader } from "./TestHeader";
import { WhyItFailed } from "./WhyItFailed";

function Test({ history }: { history: TestHistory }) {
  useTitle(testTitle(history.test));
  return (
    <>
      <TestHeader history={history} />
      <Outcomes outcomes={history.outcomes} />
      <Rates rates={history.rates} />
      <WhyItFailed history={history} />
      <Differs differences={history.differences} />
      <Polls polls={history.polls} />
      <Duration history={history} />
    </>
  );
}

export function TestPage() {
  const { test } = useParams({ from: "/tests/$test" });
  const query = useQuery(testQuery(test));
  return (
    <main className={across.page} id="content">
      {query.isPending && <Loading what="the history" lines={12} />}
      {query.isError && <Failure error={query.error} retry={() => query.refetch()} />}
      {query.data !== undefined && <Test history={query.data} key={query.data.test.id} />}
    </main>
  );
}
