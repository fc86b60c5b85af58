/**
 * `npm run bench:authz [-- --memberships=1000,100000,1000000 --rules=300,6000 --rounds=5 --without=stock,revoke]`:
 * what a decision costs (allowed and denied, with and without its read of the database), how long the policy
 * takes to load and how much memory it takes to hold, at each number of memberships and of `p` rules, beside
 * stock `newEnforcer` and `newCachedEnforcer` on the same rules. Then how long after a revocation a thousand
 * open subscriptions end. The databases stand side by side and are measured in turn. The last line is JSON.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { Authorizer } from '../src/authz/Authorizer.ts';
import { installPolicy } from '../src/authz/installPolicy.ts';
import { loadSnapshot } from '../src/authz/loadSnapshot.ts';
import { addEventPartitions } from '../src/database/addEventPartitions.ts';
import { startEmbedded } from '../src/database/embedded/startEmbedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { openDatabase } from '../src/database/openDatabase.ts';
import { migrateWorker } from '../src/jobs/migrateWorker.ts';
import { type DecisionTimes, type Place, makePlace, measureDecisions } from './support/decisions.ts';
import { explainReads, recordStatements } from './support/explainPlan.ts';
import { fillPolicy } from './support/fillPolicy.ts';
import type { Held, Holding } from './support/holdPolicy.ts';
import { makeWatchedProject, measureRevocations } from './support/measureRevocations.ts';
import { median } from './support/median.ts';
import { percentile } from './support/percentile.ts';

const { values } = parseArgs({
  options: {
    memberships: { type: 'string', default: '1000,100000,1000000' },
    rules: { type: 'string', default: '300,6000' },
    rounds: { type: 'string', default: '5' },
    without: { type: 'string', default: '' },
  },
});
const sizes = values.memberships.split(',').map(Number);
const ruleCounts = values.rules.split(',').map(Number);
const rounds = Number(values.rounds);
const without = new Set(values.without.split(','));

const nameOf = (count: number) => (count >= 1e6 ? `${count / 1e6}m` : `${count / 1e3}k`);
const figures: Record<string, number> = {};
/** Notes a figure under its key, to three significant digits, and prints it. */
function note(key: string, value: number): void {
  figures[key] = Number(value.toPrecision(3));
  console.log(`  ${key.padEnd(34)} ${figures[key]}`);
}

/** The plans of everything that a decision, and the load of the policy, read. @throws when one reads a whole table. */
async function checkPlans({ pool, samples }: Place): Promise<void> {
  const recorded = recordStatements(pool);
  const authorizer = new Authorizer(recorded.pool, { sessionIdleDays: 14 });
  const [sample] = samples;
  if (!sample) throw new Error('There is no sample.');
  await authorizer.authorize(sample.tokenHash, 'comments.list', sample.project);
  await authorizer.filterAllowed([sample.person], 'comments.list', sample.project);
  const reads = recorded.statements.filter(({ text }) => /^\s*(select|with)/i.test(text));
  for (const statement of reads) {
    const found = await explainReads(pool, statement);
    const whole = found.tables.filter(
      ({ step, table }) => step === 'Seq Scan' && !['authz_epochs'].includes(table),
    );
    if (whole.length > 0)
      throw new Error(`A decision reads all of ${whole[0]?.table}: ${statement.text.slice(0, 200)}`);
    if (found.pages > 1_000)
      throw new Error(`A decision looks at ${found.pages} pages: ${statement.text.slice(0, 200)}`);
  }
  console.log(`  ${reads.length} statements of a decision read by index, as PostgreSQL plans them`);
}

/** Holds the policy in a process of its own, so that its memory is measured and nobody else's. */
async function hold(kind: Holding['kind'], { pool, samples }: Place): Promise<Held> {
  const { host, port, user, database } = pool.options;
  const holding: Holding = {
    kind,
    connection: { host: host ?? '', port: port ?? 0, user: user ?? '', database: database ?? '' },
    samples: samples.slice(0, 50).map(({ person, project }) => ({ person, project })),
  };
  const program = fileURLToPath(new URL('support/holdPolicy.ts', import.meta.url));
  const parameters = ['--expose-gc', '--max-old-space-size=8192', program, JSON.stringify(holding)];
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  return JSON.parse(stdout) as Held;
}

/** Decisions with their read, the databases in turn. */
async function measureInTurn(places: Place[], suffix: string): Promise<void> {
  const taken = new Map(places.map((place) => [place, [] as DecisionTimes[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const place of places) {
      const times = await measureDecisions(place);
      // The first round warms up.
      if (round > 0) taken.get(place)?.push(times);
    }
  }
  for (const [{ name }, times] of taken) {
    for (const kind of ['allow', 'deny'] as const) {
      const all = times.flatMap((each) => each[kind]);
      note(`read_${kind}_p50_us_${name}_${suffix}`, percentile(all, 0.5) * 1_000);
      note(`read_${kind}_p99_us_${name}_${suffix}`, percentile(all, 0.99) * 1_000);
    }
  }
  const [least, most] = [places[0], places.at(-1)];
  const middles = (place: Place | undefined) =>
    (place ? (taken.get(place) ?? []) : []).map(({ allow }) => percentile(allow, 0.5));
  const growth = middles(most).map((middle, round) => middle / (middles(least)[round] ?? Number.NaN));
  note(`growth_${least?.name}_to_${most?.name}_${suffix}`, median(growth));
}

/** The policy in memory: ours, then Casbin's own. */
async function measureHeld(place: Place, suffix: string): Promise<void> {
  const stock: Holding['kind'][] = without.has('stock') ? [] : ['newEnforcer', 'newCachedEnforcer'];
  for (const kind of ['snapshot' as const, ...stock]) {
    const held = await hold(kind, place);
    const prefix = kind === 'snapshot' ? '' : `${kind}_`;
    note(`${prefix}load_s_${suffix}`, held.loadSeconds);
    note(`${prefix}memory_mb_${suffix}`, held.memoryMb);
    note(`${prefix}heap_mb_${suffix}`, held.heapMb);
    note(`${prefix}allow_us_${suffix}`, held.allowUs);
    note(`${prefix}deny_us_${suffix}`, held.denyUs);
    if (held.hitUs !== null) note(`${prefix}hit_us_${suffix}`, held.hitUs);
  }
}

/** From sending a call that revokes to the end of the subscriptions that it ends; the worst of the ways to revoke. */
async function revoke(place: Place, suffix: string): Promise<void> {
  const measured = await measureRevocations(place, { rounds, dataDir });
  for (const { name, ...times } of measured)
    for (const [figure, ms] of Object.entries(times)) note(`revoke_${name}_${figure}_ms_${suffix}`, ms);
  note(`revoke_p99_ms_${suffix}`, Math.max(...measured.map(({ p99 }) => p99)));
}

const dataDir = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
const embedded = await startEmbedded({ dataDir, durable: false });
const pools: pg.Pool[] = [];
try {
  const open = async (count: number): Promise<Place> => {
    const connection = { ...embedded.connection, database: `bench_${nameOf(count)}` };
    const admin = new pg.Client(embedded.connection);
    await admin.connect();
    await admin.query(`create database ${connection.database}`);
    await admin.end();
    {
      await using database = await openDatabase(connection, { poolSize: 4, onPoolError: () => {} });
      await migrate(database.orm, database.reads);
      await migrateWorker(connection);
      await addEventPartitions(database.reads);
      await installPolicy(database.orm);
    }
    const pool = new pg.Pool({ ...connection, max: 2 });
    // What ends the run must be told, not that its connections then break.
    pool.on('error', () => {});
    pools.push(pool);
    const began = performance.now();
    const place = await makePlace(nameOf(count), pool, count);
    console.log(`${count} memberships filled in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return place;
  };
  const places: Place[] = [];
  for (const count of sizes) places.push(await open(count));
  const largest = places.at(-1);
  if (!largest) throw new Error('Give a number of memberships.');
  if (!without.has('revoke')) await makeWatchedProject(largest);
  for (const rules of ruleCounts) {
    console.log(`${rules} p rules:`);
    for (const place of places) {
      await fillPolicy(place.pool, rules);
      await loadSnapshot(place.pool);
    }
    // Of a small table reading the whole is the better plan.
    if (largest.world.count >= 100_000) await checkPlans(largest);
    await measureInTurn(places, String(rules));
    for (const place of places) await measureHeld(place, `${place.name}_${rules}`);
    if (!without.has('revoke')) await revoke(largest, String(rules));
  }
} finally {
  await Promise.all(pools.map((pool) => pool.end()));
  await embedded.stop();
  await rm(dataDir, { recursive: true, force: true });
}
const [fewest] = ruleCounts;
const most = nameOf(sizes.at(-1) ?? 0);
const decisionUs = Math.max(
  figures[`read_allow_p50_us_${most}_${fewest}`] ?? Number.NaN,
  figures[`read_deny_p50_us_${most}_${fewest}`] ?? Number.NaN,
);
console.log(
  JSON.stringify({
    bench: 'authz',
    memo_hit_us: figures[`hit_us_${most}_${fewest}`],
    [`decision_p50_ms_${most}`]: decisionUs / 1_000,
    [`load_s_${most}`]: figures[`load_s_${most}_${fewest}`],
    [`memory_mb_${most}`]: figures[`memory_mb_${most}_${fewest}`],
    revoke_p99_ms: figures[`revoke_p99_ms_${fewest}`],
    [`growth_${nameOf(sizes[0] ?? 0)}_to_${most}`]:
      figures[`growth_${nameOf(sizes[0] ?? 0)}_to_${most}_${fewest}`],
    ...figures,
  }),
);
