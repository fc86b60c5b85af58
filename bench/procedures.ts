/**
 * `npm run bench:procedures [-- --seconds=5 --rounds=3]`: throughput, latency and CPU per call of `comments.list`
 * (50 with authors) and `comments.add`, beside bare node:http + pg and stock tRPC + MikroORM + Casbin, in turn,
 * on one database. The last line is JSON; ratios are medians over the rounds.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installPolicy } from '../src/authz/installPolicy.ts';
import { addEventPartitions } from '../src/database/addEventPartitions.ts';
import { startEmbedded } from '../src/database/embedded/startEmbedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { openDatabase } from '../src/database/openDatabase.ts';
import { type Fixture, makeFixture } from './support/fixture.ts';
import { runLoad } from './support/load.ts';
import { median } from './support/median.ts';
import { type Peer, startPeer } from './support/peer.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '32' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const connections = Number(values.connections);

type Kind = 'list' | 'add';
interface Sample {
  perSecond: number;
  p50: number;
  p99: number;
  cpu: number;
}

const body =
  'A comment of ordinary length, as people write them when they discuss a line of code: it names the thing, '.repeat(
    2,
  );

function requestFor(peer: Peer, kind: Kind, fixture: Fixture): (connection: number) => string {
  const { projectId, threadId, tokens } = fixture;
  const input = { projectId, threadId };
  const isBare = peer.name === 'bare';
  const path = isBare ? `/${kind}` : `/trpc/comments.${kind}`;
  return (connection) => {
    const head = `Host: localhost\r\nAuthorization: Bearer ${tokens[connection % tokens.length]}\r\n`;
    if (kind === 'list') {
      const query = isBare ? '' : `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
      return `GET ${path}${query} HTTP/1.1\r\n${head}\r\n`;
    }
    const text = JSON.stringify(isBare ? { body } : { json: { ...input, body } });
    return `POST ${path} HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  };
}

async function measure(peer: Peer, kind: Kind, fixture: Fixture): Promise<Sample> {
  const request = requestFor(peer, kind, fixture);
  const before = await peer.cpu();
  const result = await runLoad({ port: peer.port, connections, seconds, request });
  const cpu = (await peer.cpu()) - before;
  return { perSecond: result.perSecond, p50: result.p50, p99: result.p99, cpu: cpu / result.count };
}

const dataDir = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
const embedded = await startEmbedded({ dataDir, durable: false });
const samples = new Map<string, Sample[]>();
try {
  let fixture: Fixture;
  {
    await using database = await openDatabase(embedded.connection, { poolSize: 4, onPoolError: () => {} });
    await migrate(database.orm, database.reads);
    await addEventPartitions(database.reads);
    await installPolicy(database.orm);
    fixture = await makeFixture(database.reads, { people: 50, comments: 200 });
  }
  const { projectId, threadId } = fixture;
  const configuration = { connection: embedded.connection, dataDir, projectId, threadId };
  await using tessera = await startPeer('tessera', configuration);
  await using bare = await startPeer('bare', configuration);
  await using stock = await startPeer('stock', configuration);
  // The list is measured before comments are added, so that all rounds read the same pages.
  for (const kind of ['list', 'add'] as const) {
    for (const peer of [tessera, bare, stock])
      await runLoad({ port: peer.port, connections, seconds: 1, request: requestFor(peer, kind, fixture) });
    for (let round = 0; round < rounds; round += 1) {
      for (const peer of [tessera, bare, stock]) {
        const sample = await measure(peer, kind, fixture);
        const key = `${kind} ${peer.name}`;
        samples.set(key, [...(samples.get(key) ?? []), sample]);
        console.log(
          `${key.padEnd(14)} ${sample.perSecond.toFixed(0).padStart(6)}/s  p50 ${sample.p50.toFixed(1).padStart(6)} ms  p99 ${sample.p99.toFixed(1).padStart(6)} ms  CPU ${sample.cpu.toFixed(0).padStart(5)} µs a call`,
        );
      }
    }
  }
} finally {
  await embedded.stop();
  await rm(dataDir, { recursive: true, force: true });
}

const middle = (key: string, figure: keyof Sample) =>
  median((samples.get(key) ?? []).map((sample) => sample[figure]));
const ratio = (kind: Kind, peer: string) =>
  median(
    (samples.get(`${kind} tessera`) ?? []).map(
      (sample, round) =>
        sample.perSecond / (samples.get(`${kind} ${peer}`)?.[round]?.perSecond ?? Number.NaN),
    ),
  );
const round2 = (value: number) => Math.round(value * 100) / 100;
const figures = Object.fromEntries(
  [...samples.keys()].flatMap((key) => {
    const name = key.replace(' ', '_');
    return [
      [`${name}_per_s`, Math.round(middle(key, 'perSecond'))],
      [`${name}_p50_ms`, round2(middle(key, 'p50'))],
      [`${name}_p99_ms`, round2(middle(key, 'p99'))],
      [`${name}_cpu_us`, Math.round(middle(key, 'cpu'))],
    ];
  }),
);
console.log(
  JSON.stringify({
    bench: 'procedures',
    connections,
    list_vs_bare: round2(ratio('list', 'bare')),
    list_vs_stock: round2(ratio('list', 'stock')),
    add_vs_bare: round2(ratio('add', 'bare')),
    add_vs_stock: round2(ratio('add', 'stock')),
    ...figures,
  }),
);
