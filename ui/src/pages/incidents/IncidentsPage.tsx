// Failures of one cause across runs, and outages of peers: the page of `flakescope list incidents`.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { incidentsQuery } from "../../api/queries";
import type { Incident, IncidentList } from "../../api/types";
import { Filter } from "../../components/Filter";
import { Nothing } from "../../components/Nothing";
import { Failure, Loading } from "../../components/Pending";
import { useTitle } from "../../components/useTitle";
import { incidentWord } from "../../model/incidents";
import { testTitle } from "../../model/run";
import { matches, parseFilter } from "../../text/filter";
import { count } from "../../text/format";
import across from "../across.module.css";
import { IncidentCard } from "./IncidentCard";

function from({ diagnoses, disputed, undetermined }: IncidentList): string {
  const parts = [`from ${count(diagnoses, "diagnosis", "diagnoses")}`];
  if (disputed > 0) parts.push(`${disputed.toLocaleString("en")} of them disputed`);
  if (undetermined > 0) {
    parts.push(
      `${undetermined.toLocaleString("en")} of them undetermined: these have no cause to share; the page of a run puts those together that say the same`,
    );
  }
  return parts.join(", ");
}

function searched(incident: Incident): string {
  const tests = incident.hits.map((hit) => testTitle(hit.test));
  return [incidentWord(incident), incident.cause, incident.peer ?? "", incident.summary, ...tests].join(" ");
}

function Incidents({ list, text }: { list: IncidentList; text: string }) {
  const filter = parseFilter(text);
  const shown = list.incidents.filter((incident) =>
    matches(filter, { text: searched(incident), keys: { peer: incident.peer ?? undefined } }),
  );
  return (
    <>
      {shown.map((incident) => (
        <IncidentCard
          key={`${incident.kind} ${incident.fingerprint} ${incident.peer} ${incident.first_seen}`}
          incident={incident}
        />
      ))}
      {shown.length === 0 && (
        <div className={across.frame}>
          {list.incidents.length === 0 ? (
            <Nothing title="No failure with a known cause is recorded here yet." command="flakescope run -- npx mocha">
              When tests fail in a recorded run and the cause is known, failures of one cause stand here together.
            </Nothing>
          ) : (
            <Nothing title="No incident is like that.">
              The filter leaves none of {count(list.incidents.length, "incident")}.
            </Nothing>
          )}
        </div>
      )}
      <p className={across.from}>{from(list)}</p>
    </>
  );
}

export function IncidentsPage() {
  useTitle("Incidents");
  const { q = "" } = useSearch({ from: "/incidents" });
  const navigate = useNavigate({ from: "/incidents" });
  const setText = useCallback(
    (q: string) => navigate({ search: { q: q === "" ? undefined : q }, replace: true, resetScroll: false }),
    [navigate],
  );
  const query = useQuery(incidentsQuery);
  return (
    <main className={across.page} id="content">
      <div className={across.head}>
        <h1 className={across.title}>Incidents</h1>
        <Filter value={q} onChange={setText} label="Filter incidents" />
      </div>
      {query.isPending && <Loading what="incidents" lines={9} />}
      {query.isError && <Failure error={query.error} retry={() => query.refetch()} />}
      {query.data !== undefined && <Incidents list={query.data} text={q} />}
    </main>
  );
}
