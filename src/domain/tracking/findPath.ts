export interface Edge {
  from: string;
  to: string;
}

/** The shortest way along the edges, both ends included; undefined when there is none. */
export function findPath(edges: readonly Edge[], from: string, to: string): string[] | undefined {
  const next = Map.groupBy(edges, (edge) => edge.from);
  const cameFrom = new Map<string, string | null>([[from, null]]);
  // A Map is walked in the order of insertion, what is added on the way included: breadth first.
  for (const [node] of cameFrom) {
    if (node === to) {
      const path: string[] = [];
      for (let at: string | null = node; at !== null; at = cameFrom.get(at) ?? null) path.push(at);
      return path.toReversed();
    }
    for (const edge of next.get(node) ?? []) if (!cameFrom.has(edge.to)) cameFrom.set(edge.to, node);
  }
  return undefined;
}
