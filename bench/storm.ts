/**
 * `npm run bench:storm [-- --clients=10000 --behind=100]`: so many clients come back at once to a server that
 * has just been started, each with a cursor so many events behind, as after a deploy or a cut cable. All have
 * to be served, with nothing lost, doubled or out of order; meanwhile the server answers other calls. The last
 * line is JSON.
 */
import { readFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { StormOrder, StormOutcome } from './peers/stormClients.ts';
import { tokenOf, uuidSql } from './support/fillMemberships.ts';
import { makeEvent } from './support/makeEvent.ts';
import { openBenchDatabase } from './support/openBenchDatabase.ts';
import { type Peer, startPeer } from './support/peer.ts';
import { percentile } from './support/percentile.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '10000' },
    behind: { type: 'string', default: '100' },
    processes: { type: 'string', default: '2' },
  },
});
const clients = Number(values.clients);
const behind = Number(values.behind);
const processes = Number(values.processes);
/** Longer than this, and they are not served. */
const patienceMs = 180_000;
const callers = 4;
const callEveryMs = 20;
const idleMs = 3_000;

const projectId = '00000000-0000-7000-8000-000000000001';
const stream = `project:${projectId}`;

/** People with a session each, who may all see one project, and the project's stream of events. */
async function fill(client: pg.Client): Promise<void> {
  const head = 2 * behind;
  const statements = [
    `insert into actors (id, actor_type, name, username, email, password_hash)
     select ${uuidSql('person', 'n')}, 'person', 'Returner ' || n, 'returner' || n, 'returner' || n || '@example.org', '-'
     from generate_series(0, ${clients - 1}) as n`,
    `insert into sessions (id, user_id, token_hash, expires_at)
     select ${uuidSql('session', 'n')}, ${uuidSql('person', 'n')}, sha256(convert_to('token-' || n, 'UTF8')), now() + interval '1 day'
     from generate_series(0, ${clients - 1}) as n`,
    `insert into projects (id, owner_id, name, identifier)
     values ('${projectId}', ${uuidSql('person', '0')}, 'Watched', 'watched')`,
    `insert into casbin_rules (ptype, v0, v1, v2)
     select 'g', 'user:' || ${uuidSql('person', 'n')}, 'role:viewer', '${stream}' from generate_series(0, ${clients - 1}) as n`,
    `insert into streams (stream, seq) values ('${stream}', ${head})`,
  ];
  for (const statement of statements) await client.query(statement);
  for (let seq = 1; seq <= head; seq += 1) {
    const { type, subject, payload, actorId, createdAt } = makeEvent(seq);
    await client.query(
      `insert into events (stream, seq, type, subject, payload, actor_id, created_at) values ($1, $2, $3, $4, $5, $6, $7)`,
      [stream, seq, type, subject, JSON.stringify(payload), actorId, createdAt],
    );
  }
  await client.query('analyze');
}

/** Calls over HTTP, some at a time: how long they took, and how many were put off with 503. */
class Calls {
  times: number[] = [];
  putOff = 0;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: callers });
  readonly #url: string;
  #isOver = false;
  #running: Promise<void>[] = [];

  constructor(port: number) {
    const input = encodeURIComponent(JSON.stringify({ json: { projectId } }));
    this.#url = `http://127.0.0.1:${port}/trpc/projects.get?input=${input}`;
  }

  start(): void {
    this.#running = Array.from({ length: callers }, async (_, caller) => {
      while (!this.#isOver) {
        await this.#call(caller);
        await sleep(callEveryMs);
      }
    });
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  async #call(caller: number): Promise<void> {
    const began = performance.now();
    const headers = { authorization: `Bearer ${tokenOf(caller)}` };
    const status = await new Promise<number>((resolve, reject) => {
      get(this.#url, { agent: this.#agent, headers }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      }).once('error', reject);
    });
    if (status === 200) this.times.push(performance.now() - began);
    else if (status === 503) this.putOff += 1;
    else throw new Error(`A call was answered with ${status}.`);
  }
}

/** Peak of resident memory, in bytes, as the kernel tells. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

/** Has all clients come back at once. @returns what came of it, by process. */
async function storm(port: number): Promise<StormOutcome[]> {
  const count = Math.floor(clients / processes);
  const crowds: Peer[] = [];
  try {
    for (let n = 0; n < processes; n += 1) {
      const order: StormOrder = { port, projectId, from: n * count, count, cursor: behind, head: 2 * behind };
      crowds.push(await startPeer('stormClients', order));
    }
    const outcomes = crowds.map((crowd) => crowd.told<{ outcome: StormOutcome }>(patienceMs));
    for (const crowd of crowds) crowd.tell({});
    return (await Promise.all(outcomes)).map(({ outcome }) => outcome);
  } finally {
    for (const crowd of crowds) await crowd[Symbol.asyncDispose]();
  }
}

async function run(): Promise<void> {
  await using database = await openBenchDatabase({ people: 1, comments: 1 }, { durable: false });
  const { connection, dataDir } = database;
  const client = new pg.Client(connection);
  // What fails in it must be told, not that its connection then breaks.
  client.on('error', () => {});
  await client.connect();
  await fill(client);
  await client.end();
  await using server = await startPeer('tessera', { connection, dataDir });
  const idle = new Calls(server.port);
  idle.start();
  await sleep(idleMs);
  await idle.stop();
  const [cpuBefore, restBytes] = [await server.cpu(), await server.rss()];
  const calls = new Calls(server.port);
  calls.start();
  const outcomes = await storm(server.port);
  await calls.stop();
  const cpuSeconds = ((await server.cpu()) - cpuBefore) / 1e6;
  const times = outcomes.flatMap((outcome) => outcome.times);
  const wrong = outcomes.flatMap((outcome) => outcome.wrong);
  for (const what of wrong.slice(0, 10)) console.log(`  wrong: ${what}`);
  const round = (value: number) => Number(value.toPrecision(3));
  const sum = (of: (outcome: StormOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const result = {
    bench: 'storm',
    clients: processes * Math.floor(clients / processes),
    events_each: behind,
    served: times.length,
    wrong: wrong.length,
    seconds: round(Math.max(...times) / 1000),
    client_p50_s: round(percentile(times, 0.5) / 1000),
    client_p99_s: round(percentile(times, 0.99) / 1000),
    server_cpu_s: round(cpuSeconds),
    peak_mb: round((await peakOf(server.pid)) / 2 ** 20),
    rest_mb: round(restBytes / 2 ** 20),
    upgrades_put_off: sum(({ putOff }) => putOff),
    broken: sum(({ broken }) => broken),
    calls: calls.times.length,
    calls_put_off: calls.putOff,
    calls_p50_ms: round(percentile(calls.times, 0.5)),
    calls_p99_ms: round(percentile(calls.times, 0.99)),
    idle_calls_p99_ms: round(percentile(idle.times, 0.99)),
  };
  for (const [key, value] of Object.entries(result)) console.log(`  ${key.padEnd(20)} ${value}`);
  console.log(JSON.stringify(result));
  if (result.served < result.clients || result.wrong > 0) process.exitCode = 1;
}

await run();
