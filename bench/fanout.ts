/**
 * `npm run bench:fanout [-- --watchers=4000,1000,200 --rounds=5 --seconds=3 --rate=10000 --idle=8000,16000 --peers=stock,socketio,raw]`:
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
 * Three ways of publishing, each with its CPU time of the server per delivery:
 *
 *   full      as fast as it goes, ten events under way at any time. Servers may write several events at once.
 *   alone     as fast as it goes, one event under way: the next is published when the last watcher has the one before, so
 *             that no write can carry two. Nobody who writes event by event can be cheaper than `raw`.
 *   paced     events at a fixed rate, the same number of deliveries a second for all (`--rate`), each alone, from publishing
 *             to the last watcher's socket. Between them the servers are idle, so this has the cost of waking up in it.
 *
 * `vs_…` is how many deliveries ours makes in a second of server CPU time for one of the other's, in `full`; `alone_vs_…` and
 * `paced_vs_…` likewise; medians over the rounds. Memory is what the process holds more, per idle watcher, with the larger
 * number of them (`--idle`) than with the smaller one, when all garbage and all free pages were given back: the median of three
 * processes of each kind, started in turn and used for nothing else. They come 1,000 at a time, each time all is given back, and
 * their number doubles once, as the tables do that hold them: so neither what a burst leaves behind nor a table that was just
 * enlarged is taken for a watcher's.
 * The last line is JSON.
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
    idle: { type: 'string', default: '8000,16000' },
    peers: { type: 'string', default: 'stock,socketio,raw' },
  },
});
const peers = values.peers.split(',');
const known = ['stock', 'socketio', 'raw'];
const unknown = peers.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`--peers: ${unknown.join(', ')} is none of ${known.join(', ')}.`);
  process.exit(1);
}
const sizes = values.watchers.split(',').map(Number);
const [fewIdle = 0, manyIdle = 0] = values.idle.split(',').map(Number);
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
/** Deliveries a second in `paced`. */
const rate = Number(values.rate);
/** Idle watchers that come at the same time. */
const atOnce = 1_000;
/** Events under way at once in `full`. */
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
const measureFast = (contender: Contender, underWay: number) =>
  measure(
    contender,
    Math.max(2 * window, Math.round((seconds * 4 * rate) / contender.crowd.size)),
    async (n, arrivals) => arrivals[n - underWay],
  );

/** What the figures of a server are called by. */
const nameOf = ({ peer }: Contender) => peer.name.replace('fanout', '').toLowerCase();
const round3 = (value: number) => Number(value.toPrecision(3));
const figures: Record<string, number> = {};
const paced = new Map<string, Sample[]>();
const alone = new Map<string, Sample[]>();
const full = new Map<string, Sample[]>();
const add = (samples: Map<string, Sample[]>, key: string, sample: Sample) =>
  samples.set(key, [...(samples.get(key) ?? []), sample]);

/** Bytes of memory per idle watcher; a few came and went before, so that all code is there. */
async function measureMemory(contender: Contender): Promise<number> {
  const { peer, crowd } = contender;
  await crowd.resize(Math.min(200, fewIdle));
  await measure(contender, 3, async () => {});
  await crowd.resize(0);
  const growTo = async (size: number) => {
    let bytes = 0;
    while (crowd.size < size) {
      await crowd.resize(Math.min(size, crowd.size + atOnce));
      await sleep(200);
      bytes = await peer.rss();
    }
    return bytes;
  };
  const before = await growTo(fewIdle);
  const bytes = ((await growTo(manyIdle)) - before) / (manyIdle - fewIdle);
  await crowd.resize(0);
  return bytes;
}

async function measureSize(contenders: Contender[], size: number): Promise<void> {
  for (const { crowd } of contenders) await crowd.resize(size);
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const key = `${nameOf(contender)}_${size}`;
      const slow = await measurePaced(contender);
      const one = await measureFast(contender, 1);
      const fast = await measureFast(contender, window);
      // The first round warms up.
      if (round === 0) continue;
      add(paced, key, slow);
      add(alone, key, one);
      add(full, key, fast);
    }
  }
  for (const contender of contenders) {
    const key = `${nameOf(contender)}_${size}`;
    const slow = paced.get(key) ?? [];
    const one = alone.get(key) ?? [];
    const fast = full.get(key) ?? [];
    const times = slow.flatMap((sample) => sample.times);
    const taken = {
      cpu_us: median(fast.map(({ cpu }) => cpu)),
      per_s: median(fast.map(({ perSecond }) => perSecond)),
      alone_cpu_us: median(one.map(({ cpu }) => cpu)),
      alone_per_s: median(one.map(({ perSecond }) => perSecond)),
      paced_cpu_us: median(slow.map(({ cpu }) => cpu)),
      p50_ms: percentile(times, 0.5),
      p99_ms: percentile(times, 0.99),
    };
    for (const [figure, value] of Object.entries(taken)) figures[`${key}_${figure}`] = round3(value);
    console.log(
      `${key.padEnd(14)} ${taken.cpu_us.toFixed(2).padStart(6)} µs of CPU a delivery, ${Math.round(taken.per_s)}/s   alone ${taken.alone_cpu_us.toFixed(2).padStart(6)} µs, ${Math.round(taken.alone_per_s)}/s   paced ${taken.paced_cpu_us.toFixed(2).padStart(6)} µs, p50 ${taken.p50_ms.toFixed(1)} ms, p99 ${taken.p99_ms.toFixed(1)} ms`,
    );
  }
}

/** How many deliveries ours makes with the CPU time in which the other makes one; the median of the rounds. */
function ratio(samples: Map<string, Sample[]>, other: string, size: number): number {
  const ours = samples.get(`tessera_${size}`) ?? [];
  const theirs = samples.get(`${other}_${size}`) ?? [];
  return round3(median(ours.map(({ cpu }, round) => (theirs[round]?.cpu ?? Number.NaN) / cpu)));
}

await using database = await openBenchDatabase(
  { people: Math.max(...sizes, manyIdle), comments: 0 },
  { durable: false },
);
const { connection, dataDir, fixture } = database;
const { projectId, tokens } = fixture;
await using publisher = await openPublisher(connection, 12);
const told = (peer: Peer) => async () => peer.tell({ publish: 1 });
async function startContender(name: string): Promise<Contender> {
  const isOurs = name === 'tessera';
  const program = isOurs ? name : `fanout${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  // Thousands come at once, on a machine that does other things too: nobody is to be put off.
  const settings = { MAX_LAG_MS: '60000', MAX_CONNECTIONS: '20000', SOCKET_MAX_CONNECTIONS: '20000' };
  const peer = await startPeer(program, { connection, dataDir, settings }, ['--expose-gc']);
  const dialect =
    dialects[name] ??
    trpcDialect(isOurs ? 'projects.watch' : 'watch', projectId, isOurs ? tokens : undefined);
  const publish = isOurs ? () => publisher.publish(projectId) : told(peer);
  return { peer, crowd: new Crowd(peer.port, dialect, mark), publish };
}
const names = ['tessera', ...peers];
const memory = new Map<string, number[]>();
for (let time = 0; time < 3; time += 1) {
  for (const name of names) {
    const contender = await startContender(name);
    await using _peer = contender.peer;
    memory.set(name, [...(memory.get(name) ?? []), await measureMemory(contender)]);
  }
}
for (const [name, taken] of memory) {
  const bytes = median(taken);
  figures[`rss_bytes_${name}`] = round3(bytes);
  const all = taken.map((each) => (each / 1024).toFixed(1)).join(' ');
  console.log(`${name.padEnd(9)} ${(bytes / 1024).toFixed(1)} KiB per idle watcher (${all})`);
}
const contenders: Contender[] = [];
try {
  for (const name of names) contenders.push(await startContender(name));
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
        [`vs_stock_${size}`, ratio(full, 'stock', size)],
        [`vs_socketio_${size}`, ratio(full, 'socketio', size)],
        [`vs_limit_${size}`, ratio(full, 'raw', size)],
        [`alone_vs_stock_${size}`, ratio(alone, 'stock', size)],
        [`alone_vs_limit_${size}`, ratio(alone, 'raw', size)],
        [`paced_vs_stock_${size}`, ratio(paced, 'stock', size)],
        [`paced_vs_limit_${size}`, ratio(paced, 'raw', size)],
      ]),
    ),
    rss_vs_ws: ofMemory('raw'),
    rss_vs_stock: ofMemory('stock'),
    ...figures,
  }),
);
