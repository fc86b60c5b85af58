/**
 * `npm run bench:live [-- --watchers=1000 --rounds=5 --seconds=4 --rate=20]`: `comments.add` over HTTP at a
 * fixed rate, to the last of so many watchers' sockets (`threads.watch`, each somebody else's), all on one
 * server, whose PostgreSQL writes to disk. Of each call, from sending the request: to the commit, as the hook of
 * the ORM in the server tells; to its answer; and to the last watcher. `p50_vs_commit` is the middle of the
 * times to the last watcher by the middle of those to the commit, the median of the rounds. Beside it, in each
 * round, `ws` writes one prebuilt frame to as many sockets (`floor`): how long the last watcher waits when there is
 * nothing but the writing. Watchers are raw sockets in this process. The last line is JSON.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agent } from 'undici';
import { Crowd } from './support/Crowd.ts';
import { trpcDialect } from './support/Dialect.ts';
import { mark } from './support/makeEvent.ts';
import { median } from './support/median.ts';
import { openBenchDatabase } from './support/openBenchDatabase.ts';
import { startPeer } from './support/peer.ts';
import { percentile } from './support/percentile.ts';

const { values } = parseArgs({
  options: {
    watchers: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    rate: { type: 'string', default: '20' },
  },
});
const watchers = Number(values.watchers);
const rounds = Number(values.rounds);
const rate = Number(values.rate);
const calls = Math.round(Number(values.seconds) * rate);
const body = `What I found here is what others will look for: ${mark}, and where to look next.`;
/** From `performance.now()` to the clock that all processes share. */
const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Milliseconds from sending the request; one figure a call. */
interface Round {
  commit: number[];
  answer: number[];
  last: number[];
  /** Not of a call: from telling the bare writer to its last watcher. */
  floor: number[];
}

await using database = await openBenchDatabase({ people: watchers, comments: 0 }, { durable: true });
const { projectId, threadId, tokens } = database.fixture;
await using server = await startPeer('live', database);
const agent = new Agent({ connections: 8 });
const crowd = new Crowd(server.port, trpcDialect('threads.watch', projectId, tokens), mark);
await using writer = await startPeer('fanoutRaw', {});
const bare = new Crowd(
  writer.port,
  { path: '/', greet: () => [], isReady: (text) => text === 'ready' },
  mark,
);

async function addComment(): Promise<void> {
  const { statusCode, body: answer } = await agent.request({
    origin: `http://127.0.0.1:${server.port}`,
    path: '/trpc/comments.add',
    method: 'POST',
    headers: { authorization: `Bearer ${tokens[0]}`, 'content-type': 'application/json' },
    body: JSON.stringify({ json: { projectId, threadId, body } }),
  });
  const text = await answer.text();
  if (statusCode !== 200) throw new Error(`A comment was refused: ${text}`);
}

async function measureFloor(): Promise<number[]> {
  const times: number[] = [];
  for (const arrival of bare.expect(calls)) {
    const at = performance.now();
    writer.tell({ publish: 1 });
    times.push((await arrival) - at);
    await sleep(1000 / rate);
  }
  return times;
}

async function runRound(): Promise<Round> {
  const arrivals = crowd.expect(calls);
  await server.ask({});
  const sent: number[] = [];
  const answer: number[] = [];
  const began = performance.now();
  const running = arrivals.map(async (_, n) => {
    await sleep(Math.max(0, began + (n * 1000) / rate - performance.now()));
    const at = performance.now();
    sent.push(at);
    await addComment();
    answer.push(performance.now() - at);
  });
  await Promise.all(running);
  const arrived = await Promise.all(arrivals);
  const commits = (await server.ask({})) as number[];
  if (commits.length !== calls) throw new Error(`${calls} calls made ${commits.length} commits.`);
  // Calls are as good as never under way at once, so the n-th commit is the n-th call's.
  const since = (moments: number[]) => moments.map((moment, n) => moment - (sent[n] ?? Number.NaN));
  return {
    commit: since(commits.map((moment) => moment - offset)),
    answer,
    last: since(arrived),
    floor: await measureFloor(),
  };
}

const taken: Round[] = [];
try {
  await crowd.resize(watchers);
  await bare.resize(watchers);
  for (let round = 0; round <= rounds; round += 1) {
    const measured = await runRound();
    // The first round warms up.
    if (round > 0) taken.push(measured);
  }
} finally {
  await crowd.resize(0);
  await bare.resize(0);
  await agent.close();
}
const round2 = (value: number) => Math.round(value * 100) / 100;
const figures: Record<string, number> = {};
for (const kind of ['commit', 'answer', 'last', 'floor'] as const) {
  const all = taken.flatMap((each) => each[kind]);
  figures[`${kind}_p50_ms`] = round2(percentile(all, 0.5));
  figures[`${kind}_p99_ms`] = round2(percentile(all, 0.99));
  console.log(
    `${kind === 'floor' ? 'a bare write' : `to the ${kind}`.padEnd(12)}  p50 ${figures[`${kind}_p50_ms`]} ms  p99 ${figures[`${kind}_p99_ms`]} ms`,
  );
}
console.log(
  JSON.stringify({
    bench: 'live',
    watchers,
    rate,
    p50_vs_commit: round2(
      median(taken.map(({ commit, last }) => percentile(last, 0.5) / percentile(commit, 0.5))),
    ),
    ...figures,
  }),
);
