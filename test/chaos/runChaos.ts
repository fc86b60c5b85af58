import { setTimeout as sleep } from 'node:timers/promises';
import { type TesseraClient, createTesseraClient } from '../../client/src/index.ts';
import { Arena, type BusKind } from './Arena.ts';
import { type Fault, type Target, faults, waves } from './faults.ts';
import { monotonic } from './monotonic.ts';
import { reconcile } from './reconcile.ts';
import { type Watched, type Watcher, watchByClient, watchRaw } from './watchers.ts';
import { Ledger, requestJobs, writeComments } from './writers.ts';

export interface ChaosOptions {
  /** Seconds after the start of this process in which the last fault may begin, unless it is a short run. */
  until: number;
  /**
   * Short runs have fewer people, and each fault once and for less time, several together, without those that
   * need long to show.
   */
  isShort: boolean;
  /** What the processes tell each other over. */
  bus: BusKind;
  /** Where the cluster and all else lies meanwhile. */
  folder: string;
  seed: number;
  log: (line: string) => void;
}

/** One kind of fault, and what came of it. */
export interface Outcome {
  fault: string;
  times: number;
  /** Longest time in seconds without an acknowledged comment, from the fault to the next one. */
  unanswered: number;
  /** Longest time in seconds in which some watcher heard nothing. */
  silent: number;
}

export interface Report {
  bus: BusKind;
  outcomes: Outcome[];
  /** What should not have happened; empty when every promise was kept. */
  broken: string[];
  figures: Record<string, number | string>;
}

/** Numbers from 0 to 1 that the seed determines (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Account {
  id: string;
  token: string;
}

async function register(url: string, username: string): Promise<Account> {
  const guest = createTesseraClient({ url });
  const { token, actor } = await guest.auth.register.mutate({
    name: username,
    username,
    email: `${username}@example.org`,
    password: `a long password of ${username}`,
  });
  return { id: actor.id, token };
}

/** The longest time between two of the moments, or an end of the window and a moment. */
function longestGap(moments: readonly number[], from: number, to: number): number {
  const inside = moments.filter((moment) => moment > from && moment < to);
  return Math.max(
    ...[...inside, to].map((moment, index) => moment - (index === 0 ? from : inside[index - 1]!)),
  );
}

/** A project with a thread, and people who write in it; the first one is told of what the others write. And projects for jobs. */
async function settle(arena: Arena, { writers, workplaces }: { writers: number; workplaces: number }) {
  const [first] = arena.servers;
  const url = first?.url ?? '';
  const [owner, ...others] = await Promise.all(
    Array.from({ length: writers }, (_, index) => register(url, `writer${index}`)),
  );
  if (!owner) throw new Error('Nobody writes.');
  const client = createTesseraClient({ url, token: owner.token });
  const { id: projectId } = await client.projects.create.mutate({ name: 'Chaos' });
  for (const { id } of others) await client.members.add.mutate({ projectId, actorId: id, role: 'editor' });
  const subject = { subjectType: 'project', subjectId: projectId } as const;
  const { thread } = await client.threads.create.mutate({ projectId, ...subject, body: 'Under fire' });
  const synced: string[] = [];
  for (let number = 1; number <= workplaces; number += 1) {
    const { id } = await client.projects.create.mutate({
      name: `Jobs ${number}`,
      repositoryUrl: arena.repository,
    });
    synced.push(id);
  }
  return { owner, accounts: [owner, ...others], projectId, threadId: thread.id, synced };
}

interface Strike {
  fault: Fault;
  at: number;
}

/** What goes wrong together, one after the other: in a long run one fault at a time, in turns, until the time is over. */
function* turnsOf({ isShort, until }: ChaosOptions): Iterable<Fault[]> {
  if (isShort) yield* waves;
  else for (let turn = 0; monotonic() < until; turn += 1) yield [faults[turn % faults.length]!];
}

async function strikeAll(options: ChaosOptions, target: Target): Promise<Strike[]> {
  const strikes: Strike[] = [];
  const strike = async (fault: Fault) => {
    const at = monotonic();
    strikes.push({ fault, at });
    await fault.strike(target);
    options.log(`${at.toFixed(1)} s  ${fault.name}, over after ${(monotonic() - at).toFixed(1)} s`);
  };
  for (const together of turnsOf(options)) {
    await Promise.all(together.map(strike));
    await target.rest(1_000);
  }
  return strikes;
}

function summarise(strikes: Strike[], end: number, ledger: Ledger, watchers: Watcher[]): Outcome[] {
  const windows = strikes.map(({ fault, at }) => ({
    fault: fault.name,
    from: at,
    // Those of one wave begin in the same moment.
    to: strikes.find((later) => later.at > at + 0.1)?.at ?? end,
  }));
  return [...Map.groupBy(windows, ({ fault }) => fault)].map(([fault, own]) => ({
    fault,
    times: own.length,
    unanswered: Math.max(...own.map(({ from, to }) => longestGap(ledger.moments, from, to))),
    silent: Math.max(
      ...own.flatMap(({ from, to }) => watchers.map(({ diary }) => longestGap(diary.moments, from, to))),
    ),
  }));
}

/** Waits until some more comments have been acknowledged, however slow the machine is. */
async function moreAnswers({ comments }: Ledger): Promise<void> {
  for (const before = comments.length; comments.length < before + 5;) await sleep(50);
}

/** Lets everything go wrong under load, then counts. Leaves no process behind. */
export async function runChaos(options: ChaosOptions): Promise<Report> {
  const random = randomOf(options.seed);
  const { folder, bus, isShort } = options;
  await using arena = await Arena.open({
    folder,
    random,
    bus,
    files: isShort ? 40 : 300,
    hasOwnWorker: !isShort,
  });
  const size = isShort
    ? { writers: 3, workplaces: 1, watchers: 1, pauseMs: 100 }
    : { writers: 6, workplaces: 4, watchers: 4, pauseMs: 40 };
  const { owner, accounts, projectId, threadId, synced } = await settle(arena, size);
  const urlOf = (index: number) => arena.servers[index % arena.servers.length]?.url ?? '';
  const watched = (index: number): Watched => ({ url: urlOf(index), token: owner.token, projectId });
  const watchers: Watcher[] = [];
  const clients: TesseraClient[] = [];
  for (let index = 0; index < size.watchers; index += 1) {
    watchers.push(watchByClient(`client ${index + 1}`, watched(index)));
    watchers.push(watchRaw(`raw socket ${index + 1}`, watched(index)));
    if (isShort) watchers.push(watchRaw('raw socket elsewhere', watched(index + 1)));
  }
  const ledger = new Ledger();
  const stop = new AbortController();
  const writing: Promise<void>[] = accounts.map((account, index) => {
    const client = createTesseraClient({ url: urlOf(index), token: account.token });
    clients.push(client);
    return writeComments(ledger, { client, projectId, threadId, pauseMs: size.pauseMs }, stop.signal);
  });
  for (const [index, id] of synced.entries()) {
    const client = createTesseraClient({ url: urlOf(index), token: owner.token });
    clients.push(client);
    writing.push(requestJobs(ledger, { client, projectId: id, pauseMs: 2 * size.pauseMs }, stop.signal));
  }
  try {
    await moreAnswers(ledger);
    const rest = (milliseconds: number) => sleep(isShort ? milliseconds / 2.5 : milliseconds);
    const strikes = await strikeAll(options, { arena, watchers, random, isShort, rest });
    const end = monotonic();
    // Everything works again: for whoever asks now, and not only for what waited.
    await moreAnswers(ledger);
    stop.abort();
    await Promise.all(writing);
    options.log(`${monotonic().toFixed(1)} s  the count begins`);
    const counted = await reconcile({ arena, ledger, watchers, projectId, listenerId: owner.id });
    return {
      bus,
      outcomes: summarise(strikes, end, ledger, watchers),
      broken: counted.broken,
      figures: {
        seed: options.seed,
        comments: counted.comments,
        acknowledged: ledger.comments.length,
        'calls made again': [...ledger.retries].map(([why, count]) => `${count} ${why}`).join(', ') || 0,
        'events told': watchers.reduce((sum, { diary }) => sum + diary.moments.length, 0),
        'subscriptions resumed': watchers.reduce((sum, { diary }) => sum + diary.resumed - 1, 0),
        'hints lost, repeated': `${arena.disturbed.dropped}, ${arena.disturbed.repeated}`,
        jobs: Object.entries(counted.jobs)
          .map(([status, count]) => `${count} ${status}`)
          .join(', '),
      },
    };
  } finally {
    stop.abort();
    await Promise.all([...watchers, ...clients].map((each) => each.close()));
  }
}
