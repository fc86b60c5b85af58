import type { Outputs } from 'tessera-client';
import { formatMilliseconds } from '../../../kit/numbers.tsx';

export type Health = Outputs['system']['health'];

/** Something that needs somebody, and what they can do. */
export interface Warning {
  what: string;
  remedy: string;
}

/** From where on a figure is trouble. */
const limits = { lagMs: 100, clockMs: 5_000, waitingMs: 5 * 60_000, behindMs: 60_000, connectionShare: 0.9 };

const partWords: Record<string, Warning> = {
  database: {
    what: 'cannot reach the database',
    remedy: 'Look whether PostgreSQL runs, and whether DATABASE_URL of the node is right.',
  },
  migrations: {
    what: 'waits for the database to be migrated',
    remedy: 'Another node does it just now; if it stays so, start this one again and read its log.',
  },
  accepting: { what: 'takes no calls: it starts or stops', remedy: 'If it stays so, start it again.' },
  'bus.postgres': {
    what: 'hears nothing from the other nodes',
    remedy: 'Live views are up to a second late. Look at the connections that PostgreSQL allows.',
  },
  'bus.nats': {
    what: 'hears nothing from the other nodes over NATS',
    remedy: 'Live views are up to a second late. Look whether NATS runs, and at BUS_URL.',
  },
  storage: {
    what: 'cannot use its file storage',
    remedy: 'Look whether the disk is full or the bucket answers, and at STORAGE_URL.',
  },
};

function ofNode(
  { node, parts, programs, loopLagMs, toldAt, services }: Health['nodes'][number],
  now: Date,
): Warning[] {
  const found = Object.entries(parts).flatMap(([part, works]) => {
    if (works) return [];
    const { what, remedy } = partWords[part] ?? { what: `has trouble with ${part}`, remedy: 'Read its log.' };
    return [{ what: `${node} ${what}.`, remedy }];
  });
  if (loopLagMs > limits.lagMs)
    found.push({
      what: `${node} is slow: what comes waits ${formatMilliseconds(loopLagMs)}.`,
      remedy: 'It has too much to do. Start another node, or give it a faster machine.',
    });
  if (Math.abs(toldAt.getTime() - now.getTime()) > limits.clockMs)
    found.push({
      what: `The clock of ${node} differs from the database’s.`,
      remedy: 'Have both set by the network (NTP): sessions and links expire at wrong times otherwise.',
    });
  if (programs.git === null)
    found.push({
      what: `${node} has no git that it can use.`,
      remedy: 'Install git: repositories cannot be synced there.',
    });
  if (programs.ffprobe === null && services.includes('worker'))
    found.push({
      what: `${node} has no ffprobe that it can use.`,
      remedy: 'Install ffmpeg: length and size of films and recordings stay unknown otherwise.',
    });
  return found;
}

const isOld = (at: Date | null, now: Date, ms: number) => at !== null && now.getTime() - at.getTime() > ms;

/** What is not as it should be, the gravest first; empty: all is well. */
export function findWarnings({ nodes, database, queue, followers, recurring }: Health): Warning[] {
  const { now, connections, maxConnections } = database;
  const found: Warning[] = [];
  if (!nodes.some(({ services }) => services.includes('worker')))
    found.push({
      what: 'No worker runs.',
      remedy: 'Jobs wait, and nobody is notified. Start a node with --services=worker.',
    });
  found.push(...nodes.flatMap((node) => ofNode(node, now)));
  if (connections > maxConnections * limits.connectionShare)
    found.push({
      what: `PostgreSQL has ${connections} of ${maxConnections} connections open.`,
      remedy: 'Raise max_connections, or run fewer nodes: calls fail when none is left.',
    });
  for (const { jobType, oldestWaitingAt } of queue)
    if (isOld(oldestWaitingAt, now, limits.waitingMs))
      found.push({
        what: `Jobs of the kind ${jobType} wait for more than five minutes.`,
        remedy: 'Start more workers, or look at the jobs that run: one may hang.',
      });
  for (const { name, behindSinceAt } of followers)
    if (isOld(behindSinceAt, now, limits.behindMs))
      found.push({
        what: `The follower ${name} is behind for more than a minute.`,
        remedy:
          'What it makes comes late: notifications, webhooks. Look whether a worker runs, and at its log.',
      });
  for (const { name, error } of recurring)
    if (error !== null)
      found.push({
        what: `The last run of ${name} failed: ${error}`,
        remedy: 'It is tried again. Read a worker’s log if it stays so.',
      });
  return found;
}
