import type { NodeView } from './nodes.ts';

/** What workers do without being asked. */
export interface BackgroundWork {
  /** Work that comes again by itself; the schedule in crontab's five fields, in UTC. */
  recurring: readonly { name: string; schedule: string }[];
  /** Followers of the log, and whose streams they follow. */
  followers: readonly { name: string; streams: 'project:' | 'user:' }[];
}

export interface DatabaseHealth {
  /** Of PostgreSQL. */
  version: string;
  sizeBytes: number;
  /** Open now, by whomever, and how many there may be. */
  connections: number;
  maxConnections: number;
  /** Its clock, to compare those of the nodes with. */
  now: Date;
}

/** The jobs of one kind that are not over. */
export interface QueueHealth {
  jobType: string;
  /** Due, and not begun. */
  waiting: number;
  running: number;
  /** When the oldest of those that wait was asked for. */
  oldestWaitingAt: Date | null;
}

/** How far a follower of the log is behind. */
export interface FollowerHealth {
  name: string;
  /** Streams in which it is behind, and events that it has not looked at. */
  streams: number;
  events: number;
  /** When the oldest of these events was committed, as far as it can be found. */
  behindSinceAt: Date | null;
}

/** Work that comes again by itself. */
export interface RecurringHealth {
  name: string;
  /** In crontab's five fields, in UTC. */
  schedule: string;
  /** The last time of its schedule at which it was begun; null: not yet. */
  lastRunAt: Date | null;
  isRunning: boolean;
  /** Why its last run failed; null: it did not. */
  error: string | null;
}

/** How the installation is. */
export interface HealthView {
  nodes: NodeView[];
  database: DatabaseHealth;
  /** By kind of job; a kind of which none waits or runs is left out. */
  queue: QueueHealth[];
  followers: FollowerHealth[];
  recurring: RecurringHealth[];
}
