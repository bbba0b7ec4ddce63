// Who talked to whom. The picture and the table hold the same; the table is for those who do not see the picture, and for
// graphs that no picture makes readable.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { graphQuery } from "../../../api/queries";
import type { Graph } from "../../../api/types";
import { Button } from "../../../components/Button";
import { Failure, Loading } from "../../../components/Pending";
import { term } from "../../../text/filter";
import type { RecordingState } from "../state";
import { GraphTable } from "./GraphTable";
import styles from "./GraphView.module.css";
import { Picture } from "./Picture";

const READABLE_NODES = 40;

function Shown({ graph, state }: { graph: Graph; state: RecordingState }) {
  const tooMany = graph.nodes.length > READABLE_NODES;
  const [asTable, setAsTable] = useState(tooMany);
  const open = (name: string) => {
    const node = graph.nodes.find((candidate) => candidate.name === name);
    state.show("exchanges", term(node?.kind === "test" ? "service" : "peer", name));
  };
  return (
    <div className={styles.view}>
      <div className={styles.tools}>
        <span>
          {graph.nodes.length} services and peers{tooMany && ", too many for a picture to be readable"}
        </span>
        <Button look="quiet" onClick={() => setAsTable(!asTable)}>
          {asTable ? "As a picture" : "As a table"}
        </Button>
      </div>
      {asTable ? (
        <GraphTable graph={graph} open={open} select={state.select} />
      ) : (
        <Picture graph={graph} open={open} select={state.select} />
      )}
    </div>
  );
}

export function GraphView({ state }: { state: RecordingState }) {
  const query = useQuery(graphQuery(state.attempt));
  if (query.isPending) return <Loading what="the graph" />;
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} />;
  return <Shown graph={query.data} state={state} />;
}
