import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkGitVersion } from './drivers/git/checkGitVersion.ts';
import { checkProber } from './drivers/media/checkProber.ts';
import type { Storage } from './drivers/storage/Storage.ts';
import type { Hub } from './realtime/Hub.ts';
import type { Settings } from './settings.ts';
import type { NodeView } from './views/nodes.ts';

/** What a node has open, and whether its parts work. */
export interface NodeState {
  services: string[];
  settings: Settings;
  storage: Storage;
  loopLagMs: () => number;
  sockets: () => number;
  subscriptions: () => number;
  parts: () => Promise<Record<string, boolean>>;
  calls: () => NodeView['calls'];
  hub: Pick<Hub, 'stats' | 'recentLag'>;
  /** What waits for readers who are behind. */
  backlog: () => { bytes: number; readers: number };
}

/** Milliseconds after which a part that has not answered does not work: less than those who ask wait. */
const checkMs = 700;
const mebibyte = 2 ** 20;
const startedAt = new Date(Date.now() - performance.now());

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Within the time, or else the answer for it; so too when it fails. */
const inTime = <T>(check: Promise<T>, otherwise: T): Promise<T> =>
  Promise.race([check.catch(() => otherwise), sleep(checkMs, otherwise, { ref: false })]);

const reachesStorage = async (storage: Storage): Promise<boolean> => {
  // Whether it is there does not matter.
  await storage.head('health');
  return true;
};

/** What a node says of itself when it is asked; it does not fail. */
export async function describeNode(state: NodeState): Promise<Omit<NodeView, 'node'>> {
  const { settings, storage, hub } = state;
  const [parts, isStored, git, ffprobe] = await Promise.all([
    inTime(state.parts(), { database: false }),
    inTime(reachesStorage(storage), false),
    inTime<string | null>(checkGitVersion(), null),
    inTime(checkProber(), null),
  ]);
  const { rss, heapUsed } = process.memoryUsage();
  const { streams, delivered, resyncs } = hub.stats();
  const { bytes: waitingBytes, readers: slowReaders } = state.backlog();
  return {
    services: state.services,
    version,
    runtime: process.version,
    startedAt,
    toldAt: new Date(),
    loopLagMs: Math.round(state.loopLagMs() * 10) / 10,
    memory: { residentMb: Math.round(rss / mebibyte), heapUsedMb: Math.round(heapUsed / mebibyte) },
    sockets: state.sockets(),
    subscriptions: state.subscriptions(),
    calls: state.calls(),
    live: { streams, delivered, resyncs, slowReaders, waitingBytes, lagMs: hub.recentLag() },
    parts: { ...parts, storage: isStored },
    programs: { git, ffprobe },
    storage: settings.STORAGE_URL ? 's3' : 'files',
    mail: settings.SMTP_URL ? 'smtp' : 'folder',
  };
}
