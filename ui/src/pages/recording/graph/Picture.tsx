// The graph as a picture. Red only where something failed; the width of an edge tells how many calls.
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { Cloud, FlaskConical, Server } from "lucide-react";
import { useMemo } from "react";
import type { Graph, GraphEdge, GraphNode } from "../../../api/types";
import { SafeText } from "../../../components/SafeText";
import { count, duration } from "../../../text/format";
import { visible } from "../../../text/visible";
import { useTheme } from "../../../theme/theme";
import { NODE_HEIGHT, NODE_WIDTH, places } from "./layout";
import "@xyflow/react/dist/base.css";
import styles from "./Picture.module.css";

const ICONS = { test: FlaskConical, service: Server, peer: Cloud };

type Box = Node<{ node: GraphNode; median: number | null; open: (name: string) => void }, "box">;

function BoxNode({ data }: NodeProps<Box>) {
  const { node, median, open } = data;
  const Icon = ICONS[node.kind] ?? Server;
  return (
    <button
      type="button"
      className={styles.node}
      data-kind={node.kind}
      data-failed={node.failed > 0 || undefined}
      onClick={() => open(node.name)}
      title="Show its calls"
    >
      <Handle type="target" position={Position.Left} className={styles.handle} isConnectable={false} />
      <span className={styles.name}>
        <Icon size={14} aria-hidden />
        <SafeText text={node.name} />
      </span>
      <span className={styles.role}>{node.kind === "test" ? "runs the test" : (node.role ?? node.kind)}</span>
      {node.calls > 0 && (
        <span className={styles.numbers}>
          {count(node.calls, "call")}
          {node.failed > 0 && <b>{node.failed} failed</b>}
          {median !== null && <span>{duration(median)}</span>}
        </span>
      )}
      <Handle type="source" position={Position.Right} className={styles.handle} isConnectable={false} />
    </button>
  );
}

const NODE_TYPES = { box: BoxNode };

function edgeOf(edge: GraphEdge): Edge {
  const colour = edge.failed > 0 ? "var(--fail)" : "var(--line-strong)";
  return {
    id: `${edge.from}\n${edge.to}`,
    source: edge.from,
    target: edge.to,
    label: `${edge.calls}${edge.failed > 0 ? ` · ${edge.failed} ✗` : ""}`,
    ariaLabel: `${visible(edge.from)} to ${visible(edge.to)}: ${count(edge.calls, "call")}, ${edge.failed} failed`,
    labelStyle: { fill: edge.failed > 0 ? "var(--fail)" : "var(--text-2)", fontSize: 12, fontWeight: 600 },
    labelBgStyle: { fill: "var(--surface)" },
    labelBgPadding: [6, 3],
    labelBgBorderRadius: 4,
    className: styles.edge,
    style: {
      stroke: colour,
      strokeWidth: 1.25 + Math.min(2, Math.log2(edge.calls) / 2),
      strokeDasharray: edge.unended > 0 ? "5 4" : undefined,
    },
    markerEnd: { type: MarkerType.ArrowClosed, color: colour, markerUnits: "userSpaceOnUse", width: 26, height: 26 },
    data: { example: edge.example },
  };
}

interface Props {
  graph: Graph;
  open: (node: string) => void;
  select: (span: string) => void;
}

export function Picture({ graph, open, select }: Props) {
  const theme = useTheme();
  const nodes = useMemo<Box[]>(() => {
    const at = places(graph);
    const median = (name: string) => {
      const incoming = graph.edges.filter((edge) => edge.to === name);
      return incoming.length === 1 ? (incoming[0]?.median_ms ?? null) : null;
    };
    return graph.nodes.map((node) => ({
      id: node.name,
      type: "box",
      position: at.get(node.name) ?? { x: 0, y: 0 },
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      focusable: false,
      data: { node, median: median(node.name), open },
    }));
  }, [graph, open]);
  const edges = useMemo(() => graph.edges.filter((edge) => edge.from !== edge.to).map(edgeOf), [graph]);
  return (
    <div className={styles.picture}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        colorMode={theme}
        fitView
        fitViewOptions={{ maxZoom: 1.1, padding: 0.12 }}
        minZoom={0.2}
        nodesConnectable={false}
        nodesDraggable={false}
        onEdgeClick={(_, edge) => select(String(edge.data?.example))}
        aria-label="Service graph"
      >
        <Background gap={22} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}
