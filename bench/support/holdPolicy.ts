/**
 * A process that does nothing but hold a policy and decide by it, so that its memory is the policy's: run with
 * `--expose-gc`. Its one argument is a Holding as JSON; it prints a Held as JSON.
 */
import { readFileSync } from 'node:fs';
import type { Enforcer } from 'casbin';
import pg from 'pg';
import { PgAdapter, casbin } from '../../src/authz/casbin.ts';
import { loadSnapshot } from '../../src/authz/loadSnapshot.ts';
import type { Snapshot } from '../../src/authz/Snapshot.ts';
import type { Connection } from '../../src/database/openDatabase.ts';
import { median } from './median.ts';
import { type Sample, allowed, denied } from './sampleRequests.ts';

export interface Holding {
  /** Ours, or one of Casbin's own with all rules in memory, loaded by the same adapter. */
  kind: 'snapshot' | 'newEnforcer' | 'newCachedEnforcer';
  connection: Exclude<Connection, { url: string }>;
  samples: Omit<Sample, 'tokenHash'>[];
}

/** Times in µs a decision; in the memory of the process, without any read. */
export interface Held {
  loadSeconds: number;
  /** What the process has grown by, garbage collected: resident memory, and what of it is the heap's. */
  memoryMb: number;
  heapMb: number;
  /** Decided anew. */
  allowUs: number;
  denyUs: number;
  /** Asked before; none of newEnforcer, which remembers nothing. */
  hitUs: number | null;
}

const { kind, connection, samples } = JSON.parse(process.argv[2] ?? '{}') as Holding;
const modelText = readFileSync(new URL('../../src/authz/model.conf', import.meta.url), 'utf8');
const pool = new pg.Pool({ ...connection, max: 1 });

function measureMemory(): { rss: number; heap: number } {
  if (!globalThis.gc) throw new Error('Run this with --expose-gc.');
  for (let turn = 0; turn < 4; turn += 1) globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

/** Median µs of a decision: at most so many, and as many as three seconds allow. */
async function time(count: number, decide: (sample: (typeof samples)[number]) => unknown): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + 3_000;
  for (let number = 0; number < count && (number < 3 || performance.now() < end); number += 1) {
    const sample = samples[number % samples.length];
    const began = performance.now();
    await decide(sample as (typeof samples)[number]);
    times.push(performance.now() - began);
  }
  return median(times) * 1_000;
}

type Figures = Pick<Held, 'allowUs' | 'denyUs' | 'hitUs'>;

async function measureSnapshot(snapshot: Snapshot): Promise<Figures> {
  const roles = ['role:anonymous', 'role:authenticated', 'role:user', 'role:editor'];
  const decideAnew = ([object, action]: readonly [string, string]) => snapshot.rule(roles, object, action);
  // One decision is too short for the clock: a thousand at a time.
  const remembered = () => {
    for (let turn = 0; turn < 1_000; turn += 1) snapshot.allows(roles, ...allowed);
  };
  await time(500, () => decideAnew(allowed));
  return {
    allowUs: await time(2_000, () => decideAnew(allowed)),
    denyUs: await time(2_000, () => decideAnew(denied)),
    hitUs: (await time(1_000, remembered)) / 1_000,
  };
}

async function measureEnforcer(enforcer: Enforcer): Promise<Figures> {
  const decide = (expected: boolean, [object, action]: readonly [string, string]) => {
    const check = (found: boolean) => {
      if (found !== expected) throw new Error(`Casbin says ${found} to ${object}.${action}.`);
    };
    return async ({ person, project }: (typeof samples)[number]) =>
      check(await enforcer.enforce(`user:${person}`, `project:${project}`, object, action));
  };
  const decideAnew = (...wanted: Parameters<typeof decide>) => {
    const asked = decide(...wanted);
    return async (sample: (typeof samples)[number]) => {
      if (enforcer instanceof casbin.CachedEnforcer) enforcer.invalidateCache();
      return asked(sample);
    };
  };
  await time(20, decideAnew(true, allowed));
  const allowUs = await time(500, decideAnew(true, allowed));
  const denyUs = await time(500, decideAnew(false, denied));
  if (kind === 'newEnforcer') return { allowUs, denyUs, hitUs: null };
  const [first] = samples;
  const asked = decide(true, allowed);
  const hitUs = await time(5_000, () => (first ? asked(first) : undefined));
  return { allowUs, denyUs, hitUs };
}

async function loadEnforcer(): Promise<Enforcer> {
  const adapter = await PgAdapter.newAdapter({
    migrate: false,
    dbClient: async (run: (client: pg.PoolClient) => Promise<unknown>) => {
      const client = await pool.connect();
      try {
        return await run(client);
      } finally {
        client.release();
      }
    },
  });
  const open = kind === 'newEnforcer' ? casbin.newEnforcer : casbin.newCachedEnforcer;
  const enforcer = await open(casbin.newModelFromString(modelText), adapter);
  await enforcer.addNamedDomainMatchingFunc('g', casbin.Util.keyMatchFunc);
  return enforcer;
}

// Everything but the policy: code, connection, and what a first decision compiles.
await pool.query('select 1');
const empty = measureMemory();
const began = performance.now();
const held = kind === 'snapshot' ? await loadSnapshot(pool) : await loadEnforcer();
const loadSeconds = (performance.now() - began) / 1_000;
const full = measureMemory();
const figures = 'rules' in held ? await measureSnapshot(held) : await measureEnforcer(held);
await pool.end();
const result: Held = {
  loadSeconds,
  memoryMb: (full.rss - empty.rss) / 2 ** 20,
  heapMb: (full.heap - empty.heap) / 2 ** 20,
  ...figures,
};
console.log(JSON.stringify(result));
