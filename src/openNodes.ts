import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from './bus/Bus.ts';
import { type NodeView, type Nodes, nodeView } from './views/nodes.ts';

/** Milliseconds for the other nodes to look at themselves and answer. How many there are, nobody knows. */
const patienceMs = 1_000;
/** Questions and answers travel as latest values that nobody watches. */
const askLane = 'node-ask';
const tellLane = 'node-tell';

/** Answers other nodes that ask how this one is, and asks them. @param describe never fails. */
export function openNodes(
  bus: Bus,
  describe: () => Promise<Omit<NodeView, 'node'>>,
): Nodes & { close(): void } {
  const id = randomUUID();
  const node = `${hostname()}/${process.pid}/${id.slice(0, 8)}`;
  const tell = async (): Promise<NodeView> => ({ node, ...(await describe()) });
  let isClosed = false;
  const end = bus.onLane(
    ({ stream, key }) => {
      // One's own question comes here too. The stream is the question's own: only who asks listens there.
      if (key.startsWith(id)) return;
      void tell().then((view) => {
        if (!isClosed) bus.publishLane(stream, tellLane, `${key} ${id}`, view);
      });
    },
    { lane: askLane },
  );
  return {
    close() {
      isClosed = true;
      end();
    },
    async ask() {
      const stream = `user:${randomUUID()}` as const;
      const answers = new Map<string, NodeView>();
      const ignore = bus.onLane(
        ({ value }) => {
          const { data } = nodeView.safeParse(value);
          if (data) answers.set(data.node, data);
        },
        { streams: stream, lane: tellLane },
      );
      bus.publishLane(stream, askLane, id, { isAsked: true });
      const [own] = await Promise.all([tell(), sleep(patienceMs)]);
      ignore();
      return [own, ...[...answers.values()].toSorted((a, b) => a.node.localeCompare(b.node))];
    },
  };
}
