// Where the nodes of a graph stand: callers left of callees, by dagre.
import { Graph as Dagre, layout } from "@dagrejs/dagre";
import type { Graph } from "../../../api/types";

export const NODE_WIDTH = 190;
export const NODE_HEIGHT = 72;

export interface Place {
  x: number;
  y: number;
}

/** The upper left corner of each node, by name. */
export function places(graph: Graph): Map<string, Place> {
  const drawn = new Dagre();
  drawn.setGraph({ rankdir: "LR", nodesep: 28, ranksep: 110, marginx: 16, marginy: 16 });
  drawn.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) drawn.setNode(node.name, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const edge of graph.edges) {
    if (edge.from !== edge.to) drawn.setEdge(edge.from, edge.to);
  }
  layout(drawn);
  const corner = (name: string): Place => {
    const { x, y } = drawn.node(name) as Place;
    return { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 };
  };
  return new Map(graph.nodes.map((node) => [node.name, corner(node.name)]));
}
