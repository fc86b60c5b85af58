import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './Connection.ts';
import { closeCodes } from './protocol.ts';

/** Milliseconds over which one thousand clients are asked to leave: 500 reconnects a second elsewhere. */
const spreadPerThousandMs = 2_000;
const tickMs = 50;
/** Milliseconds for the closing handshake of those that had to be closed. */
const closingMs = 1_000;

/** Waits until nobody is left, `isFutile` says that waiting will not help, or the time is up. */
async function waitUntilEmpty(
  connections: ReadonlySet<Connection>,
  untilMs: number,
  isFutile = () => false,
): Promise<void> {
  while (connections.size > 0 && performance.now() < untilMs && !isFutile()) {
    await sleep(Math.min(tickMs, Math.max(1, untilMs - performance.now())));
  }
}

/**
 * Empties a node before it stops. In this order: every client is asked to open a socket elsewhere, in
 * slices at random, so that they do not all arrive there at once; it resumes on the new socket before it
 * leaves this one, so nothing is missed; who has not left by then is closed with 1012, and resumes later.
 * @param returned how many clients have come back to this node, which takes none any more: when all have,
 *   there is no other node, and only calls under way are waited for.
 */
export async function drainConnections(
  connections: ReadonlySet<Connection>,
  timeoutMs: number,
  returned: () => number,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  const waiting = [...connections]
    .map((connection) => ({ connection, at: Math.random() }))
    .sort((a, b) => a.at - b.at);
  const spreadMs = Math.min(timeoutMs / 2, (waiting.length / 1000) * spreadPerThousandMs);
  const slice = Math.ceil(waiting.length / Math.max(1, Math.ceil(spreadMs / tickMs)));
  for (let from = 0; from < waiting.length; from += slice) {
    if (from > 0) await sleep(tickMs);
    for (const { connection } of waiting.slice(from, from + slice)) connection.askToReconnect('stopping');
  }
  await waitUntilEmpty(
    connections,
    end,
    () => returned() >= waiting.length && ![...connections].some(({ isBusy }) => isBusy),
  );
  for (const connection of connections) connection.close(closeCodes.restart, 'restart');
  await waitUntilEmpty(connections, performance.now() + closingMs);
  for (const connection of connections) connection.terminate();
  await waitUntilEmpty(connections, performance.now() + closingMs);
}
