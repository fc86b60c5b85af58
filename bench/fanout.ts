/**
 * `npm run bench:fanout [-- --watchers=4000,1000,200 --rounds=5 --seconds=3 --rate=10000 --peers=stock,socketio,raw]`:
 * one stream, so many watchers, and comment events of about 600 bytes. Each server is a process of its own and gives all it has to
 * every watcher; the watchers are raw sockets in this process, which count frames. In turn, in each round:
 *
 *   tessera   the whole server: sockets that authenticated, a subscription each (`projects.watch`) that was
 *             authorised, the hub, the log. This process commits the events, as another node would, and only
 *             the write is left out of the server's CPU time: hearing the hint, reading the log and deciding are in.
 *   stock     tRPC's own adapter, superjson, a generator per subscription; no authorisation, no database.
 *   socketio  socket.io, a room.
 *   raw       `ws`, and one prebuilt frame written to each socket: the limit of writing event by event.
 *
 * `paced`: events at a fixed rate, the same number of deliveries a second for all (`--rate`), each alone; from
 * publishing to the last watcher's socket. `flood`: ten events under way at any time. The ratios `vs_…` are of
 * deliveries per second of server CPU time in `paced` (`flood_vs_…` in `flood`), medians over the rounds. Memory is what the process
 * grows by per idle watcher from a quarter of the largest number to all of it, garbage collected. The last line is JSON.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Crowd } from './support/Crowd.ts';
import { type Dialect, trpcDialect } from './support/Dialect.ts';
import { mark } from './support/makeEvent.ts';
import { median } from './support/median.ts';
import { openBenchDatabase } from './support/openBenchDatabase.ts';
import { openPublisher } from './support/openPublisher.ts';
import { type Peer, startPeer } from './support/peer.ts';
import { percentile } from './support/percentile.ts';

const { values } = parseArgs({
  options: {
    watchers: { type: 'string', default: '4000,1000,200' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '10000' },
    peers: { type: 'string', default: 'stock,socketio,raw' },
  },
});
/** Largest first: memory is measured before anything else has happened. */
const sizes = values.watchers
  .split(',')
  .map(Number)
  .toSorted((a, b) => b - a);
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
/** Deliveries a second in `paced`. */
const rate = Number(values.rate);
/** Events under way at once in `flood`. */
const window = 10;

interface Contender {
  peer: Peer;
  crowd: Crowd;
  publish: () => Promise<void>;
}

interface Sample {
  /** Microseconds of the server's CPU time per delivery. */
  cpu: number;
  perSecond: number;
  /** Milliseconds from publishing to the last watcher. */
  times: number[];
}

const dialects: Record<string, Dialect> = {
  socketio: {
    path: '/socket.io/?EIO=4&transport=websocket',
    greet: () => ['40'],
    isReady: (text) => text.startsWith('42["ready"'),
  },
  raw: { path: '/', greet: () => [], isReady: (text) => text === 'ready' },
};

async function measure(
  { peer, crowd, publish }: Contender,
  events: number,
  pace: (n: number, arrivals: Promise<number>[]) => Promise<unknown>,
): Promise<Sample> {
  const arrivals = crowd.expect(events);
  const before = await peer.cpu();
  const began = performance.now();
  const times = arrivals.map(async (arrival, n) => {
    await pace(n, arrivals);
    const at = performance.now();
    await publish();
    return (await arrival) - at;
  });
  const taken = await Promise.all(times);
  const elapsed = (performance.now() - began) / 1000;
  const deliveries = events * crowd.size;
  const cpu = (await peer.cpu()) - before;
  return { cpu: cpu / deliveries, perSecond: deliveries / elapsed, times: taken };
}

const measurePaced = (contender: Contender) => {
  const perSecond = rate / contender.crowd.size;
  return measure(contender, Math.max(5, Math.round(seconds * perSecond)), (n) =>
    sleep((n * 1000) / perSecond),
  );
};
const measureFlood = (contender: Contender) =>
  measure(
    contender,
    Math.max(2 * window, Math.round((seconds * 4 * rate) / contender.crowd.size)),
    async (n, arrivals) => arrivals[n - window],
  );

/** What the figures of a server are called by. */
const nameOf = ({ peer }: Contender) => peer.name.replace('fanout', '').toLowerCase();
const round3 = (value: number) => Number(value.toPrecision(3));
const figures: Record<string, number> = {};
const paced = new Map<string, Sample[]>();
const flood = new Map<string, Sample[]>();
const add = (samples: Map<string, Sample[]>, key: string, sample: Sample) =>
  samples.set(key, [...(samples.get(key) ?? []), sample]);

/** Memory per idle watcher; a few came and went before, so that all code is there. */
async function measureMemory(contender: Contender, watchers: number): Promise<void> {
  const { peer, crowd } = contender;
  await crowd.resize(Math.min(200, watchers));
  await measure(contender, 3, async () => {});
  await crowd.resize(0);
  // What the process grows by once, whoever comes, is not what a watcher costs.
  const quarter = Math.ceil(watchers / 4);
  await crowd.resize(quarter);
  const before = await peer.rss();
  await crowd.resize(watchers);
  await sleep(500);
  const bytes = ((await peer.rss()) - before) / (watchers - quarter);
  figures[`rss_bytes_${nameOf(contender)}`] = round3(bytes);
  console.log(`${nameOf(contender).padEnd(9)} ${(bytes / 1024).toFixed(1)} KiB per idle watcher`);
}

async function measureSize(contenders: Contender[], size: number): Promise<void> {
  for (const { crowd } of contenders) await crowd.resize(size);
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const key = `${nameOf(contender)}_${size}`;
      const [slow, fast] = [await measurePaced(contender), await measureFlood(contender)];
      // The first round warms up.
      if (round === 0) continue;
      add(paced, key, slow);
      add(flood, key, fast);
    }
  }
  for (const contender of contenders) {
    const key = `${nameOf(contender)}_${size}`;
    const slow = paced.get(key) ?? [];
    const fast = flood.get(key) ?? [];
    const times = slow.flatMap((sample) => sample.times);
    const taken = {
      cpu_us: median(slow.map(({ cpu }) => cpu)),
      p50_ms: percentile(times, 0.5),
      p99_ms: percentile(times, 0.99),
      flood_cpu_us: median(fast.map(({ cpu }) => cpu)),
      flood_per_s: median(fast.map(({ perSecond }) => perSecond)),
    };
    for (const [figure, value] of Object.entries(taken)) figures[`${key}_${figure}`] = round3(value);
    console.log(
      `${key.padEnd(14)} ${taken.cpu_us.toFixed(2).padStart(6)} µs of CPU a delivery   p50 ${taken.p50_ms.toFixed(1).padStart(6)} ms  p99 ${taken.p99_ms.toFixed(1).padStart(6)} ms   flood ${taken.flood_cpu_us.toFixed(2).padStart(6)} µs  ${Math.round(taken.flood_per_s)}/s`,
    );
  }
}

/** How many deliveries ours makes with the CPU time in which the other makes one; the median of the rounds. */
function ratio(samples: Map<string, Sample[]>, other: string, size: number): number {
  const ours = samples.get(`tessera_${size}`) ?? [];
  const theirs = samples.get(`${other}_${size}`) ?? [];
  return round3(median(ours.map(({ cpu }, round) => (theirs[round]?.cpu ?? Number.NaN) / cpu)));
}

const most = sizes[0] ?? 0;
await using database = await openBenchDatabase({ people: most, comments: 0 }, { durable: false });
const { connection, dataDir, fixture } = database;
const { projectId, tokens } = fixture;
await using publisher = await openPublisher(connection, 12);
const told = (peer: Peer) => async () => peer.tell({ publish: 1 });
const contenders: Contender[] = [];
try {
  for (const name of ['tessera', ...values.peers.split(',')]) {
    const program = name === 'tessera' ? name : `fanout${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    // Thousands come at once, on a machine that does other things too: nobody is to be put off.
    const settings = { MAX_LAG_MS: '60000' };
    const peer = await startPeer(program, { connection, dataDir, settings }, ['--expose-gc']);
    const isOurs = name === 'tessera';
    const dialect =
      dialects[name] ??
      trpcDialect(isOurs ? 'projects.watch' : 'watch', projectId, isOurs ? tokens : undefined);
    const publish = isOurs ? () => publisher.publish(projectId) : told(peer);
    const contender = { peer, crowd: new Crowd(peer.port, dialect, mark), publish };
    contenders.push(contender);
    await measureMemory(contender, most);
  }
  for (const size of sizes) await measureSize(contenders, size);
} finally {
  for (const { crowd } of contenders) await crowd.resize(0);
  for (const { peer } of contenders) await peer[Symbol.asyncDispose]();
}
const ofMemory = (other: string) =>
  round3((figures['rss_bytes_tessera'] ?? Number.NaN) / (figures[`rss_bytes_${other}`] ?? Number.NaN));
console.log(
  JSON.stringify({
    bench: 'fanout',
    ...Object.fromEntries(
      sizes.flatMap((size) => [
        [`vs_stock_${size}`, ratio(paced, 'stock', size)],
        [`vs_socketio_${size}`, ratio(paced, 'socketio', size)],
        [`vs_limit_${size}`, ratio(paced, 'raw', size)],
        [`flood_vs_stock_${size}`, ratio(flood, 'stock', size)],
        [`flood_vs_limit_${size}`, ratio(flood, 'raw', size)],
      ]),
    ),
    rss_vs_ws: ofMemory('raw'),
    rss_vs_stock: ofMemory('stock'),
    ...figures,
  }),
);
