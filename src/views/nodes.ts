import { z } from 'zod';
import { moment } from './columns.ts';

const megabytes = z.number();

/** Milliseconds from an event's commit to its being written to sockets; see `Lag`. */
export const lagView = z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() });

/** One process of the installation, as it sees itself. */
export const nodeView = z.object({
  /** Host, process and a few letters that a restart changes. */
  node: z.string().max(300),
  /** What it does: `api`, `realtime`, `worker`. */
  services: z.array(z.string().max(20)).max(10),
  /** Of Tessera, and of the Node.js that runs it. */
  version: z.string().max(50),
  runtime: z.string().max(50),
  startedAt: moment,
  /** When it said this, by its own clock. */
  toldAt: moment,
  /** Smoothed lag of the event loop, in milliseconds. */
  loopLagMs: z.number(),
  memory: z.object({ residentMb: megabytes, heapUsedMb: megabytes }),
  /** Open WebSockets, and subscriptions over these and over server-sent events. */
  sockets: z.number(),
  subscriptions: z.number(),
  /** Calls that were answered since its start, and how many of these failed by no fault of the caller's. */
  calls: z.object({ answered: z.number(), failed: z.number() }),
  live: z.object({
    /** Streams that somebody watches there. */
    streams: z.number(),
    /** Events and latest values given to subscriptions since its start, and how many of these had to begin anew. */
    delivered: z.number(),
    resyncs: z.number(),
    /** Readers who are behind, and bytes that wait for them. */
    slowReaders: z.number(),
    waitingBytes: z.number(),
    /** Of the last 5,000 events that somebody watched there; null: there were none yet. */
    lagMs: lagView.nullable(),
  }),
  /** Part → whether it works, as `/readyz` says, and `storage`. */
  parts: z.record(z.string().max(50), z.boolean()),
  /** Version of a program that it needs; null: it is not installed, or too old. */
  programs: z.object({ git: z.string().max(100).nullable(), ffprobe: z.string().max(100).nullable() }),
  /** Where it stores files, and how it sends mail. */
  storage: z.enum(['files', 's3']),
  mail: z.enum(['folder', 'smtp']),
});
export type NodeView = z.infer<typeof nodeView>;

/** Asks the nodes how they are. */
export interface Nodes {
  /** This node's answer first, then those of all others that answer within a second. */
  ask(): Promise<NodeView[]>;
}
