import { type Inputs, readFailure } from 'tessera-client';
import { client, noteFailure } from '../api.ts';
import { connection } from '../connection.ts';
import { explain } from '../kit/FailureNotice.tsx';
import { keep, onKept, readKept } from './kept.ts';

type Opening = Omit<Inputs['threads']['create'], 'id' | 'projectId' | 'body' | 'mutationId'>;

/** A comment, or a thread with its first comment, that is on its way to the server. */
export interface Unsent {
  /** Names the call, whenever it is repeated; also the comment's id, unless a thread is opened. */
  mutationId: string;
  projectId: string;
  threadId: string;
  body: string;
  /** Where the thread is opened; null: this is a comment on one that is there. */
  opens: Opening | null;
  /** Milliseconds since 1970. */
  writtenAt: number;
  /** `waiting`: for the connection; `refused`: the server does not take it as it is; `sent`: it has it. */
  state: 'waiting' | 'sending' | 'refused' | 'sent';
  tries: number;
  /** Why the server refused it. */
  failure: { message: string; remedy: string } | null;
}

/** The server is busy or away: the same call may succeed in a moment. */
const passing = new Set<string>(['UNAVAILABLE', 'TOO_MANY_REQUESTS', 'UNAUTHORIZED']);
const name = 'outbox';
/** Milliseconds until an answer is no longer awaited. */
const answerMs = 20_000;
/** Milliseconds for which what was sent is shown, should the event of it not come. */
const shownMs = 15_000;
const delayMs = (tries: number) => Math.min(15_000, 500 * 2 ** tries);

/** One tab at a time, where the browser can tell them apart; else the call's id keeps it from being done twice. */
async function alone(work: () => Promise<void>): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  await (locks ? locks.request(`tessera:${name}`, work) : work());
}

/**
 * What was written and has not reached the server, in the order of writing. It outlives the page, is tried until
 * the server answers, and each with one id: however often it is tried, it arrives once.
 */
export class Outbox {
  readonly #listeners = new Set<() => void>();
  #actorId: string | undefined;
  #entries: readonly Unsent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRunning = false;
  /** Whether the storage has all of it. */
  #isKept = true;

  get = (): readonly Unsent[] => this.#entries;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes up what this person had not sent when the page was last closed. */
  open(actorId: string): void {
    if (this.#actorId === actorId) return;
    this.#actorId = actorId;
    this.#read();
    onKept(actorId, name, () => this.#read());
    connection.subscribe(() => {
      if (connection.get() === 'connected') this.#run();
    });
    addEventListener('online', () => this.#run());
    this.#run();
  }

  add(entry: Pick<Unsent, 'projectId' | 'threadId' | 'body' | 'opens'>): Unsent {
    const made: Unsent = {
      ...entry,
      mutationId: crypto.randomUUID(),
      writtenAt: Date.now(),
      state: 'waiting',
      tries: 0,
      failure: null,
    };
    this.#set([...this.#entries, made]);
    this.#run();
    return made;
  }

  /** Tries one again that was refused. */
  retry(mutationId: string): void {
    this.#change(mutationId, { state: 'waiting', failure: null });
    this.#run();
  }

  /** Gives one up. */
  remove(mutationId: string): void {
    this.#set(this.#entries.filter((entry) => entry.mutationId !== mutationId));
  }

  /** Told which comments and threads are shown as the server has them: they need not be shown from here. */
  settle(ids: ReadonlySet<string>): void {
    const isSettled = ({ state, mutationId, threadId, opens }: Unsent) =>
      state === 'sent' && ids.has(opens ? threadId : mutationId);
    if (this.#entries.some(isSettled)) this.#set(this.#entries.filter((entry) => !isSettled(entry)));
  }

  #run(): void {
    if (this.#isRunning || this.#actorId === undefined || !this.#next()) return;
    this.#isRunning = true;
    clearTimeout(this.#timer);
    void alone(() => this.#sendAll())
      .catch(() => {})
      .finally(() => {
        this.#isRunning = false;
        const next = this.#next();
        if (next) this.#timer = setTimeout(() => this.#run(), next.tries === 0 ? 0 : delayMs(next.tries));
      });
  }

  /** What is to be sent now: comments on a thread that the server refused to open wait with it. */
  #next(): Unsent | undefined {
    const refused = new Set(
      this.#entries.filter(({ state, opens }) => state === 'refused' && opens).map((each) => each.threadId),
    );
    return this.#entries.find(({ state, threadId }) => state === 'waiting' && !refused.has(threadId));
  }

  async #sendAll(): Promise<void> {
    this.#read();
    for (let next = this.#next(); next && navigator.onLine; next = this.#next())
      if (!(await this.#send(next))) return;
  }

  /** @returns false when the server was not reached. */
  async #send(entry: Unsent): Promise<boolean> {
    const { mutationId, projectId, threadId, body, opens } = entry;
    this.#change(mutationId, { state: 'sending' });
    const signal = AbortSignal.timeout(answerMs);
    try {
      await (opens
        ? client.threads.create.mutate({ ...opens, id: threadId, projectId, body, mutationId }, { signal })
        : client.comments.add.mutate({ id: mutationId, projectId, threadId, body, mutationId }, { signal }));
    } catch (error) {
      const code = readFailure(error)?.code;
      if (code === undefined || passing.has(code)) {
        if (code === 'UNAUTHORIZED') noteFailure(error);
        this.#change(mutationId, { state: 'waiting', tries: entry.tries + 1 });
        return false;
      }
      // It had arrived, longer ago than the server remembers calls.
      if (!(code === 'ID_TAKEN' && entry.tries > 0)) {
        noteFailure(error);
        this.#change(mutationId, { state: 'refused', failure: explain(error) });
        return true;
      }
    }
    this.#change(mutationId, { state: 'sent' });
    setTimeout(() => this.remove(mutationId), shownMs);
    return true;
  }

  #change(mutationId: string, changes: Partial<Unsent>): void {
    this.#set(
      this.#entries.map((entry) => (entry.mutationId === mutationId ? { ...entry, ...changes } : entry)),
    );
  }

  #set(entries: readonly Unsent[]): void {
    this.#entries = entries;
    const left = entries.filter(({ state }) => state !== 'sent');
    if (this.#actorId !== undefined)
      this.#isKept = keep(this.#actorId, name, left.length > 0 ? JSON.stringify(left) : null);
    this.#tell();
  }

  /** Takes in what other tabs have put there or sent; what this tab is about stays as it knows it. */
  #read(): void {
    if (this.#actorId === undefined || !this.#isKept) return;
    const own = new Map(this.#entries.map((entry) => [entry.mutationId, entry]));
    const kept = parse(readKept(this.#actorId, name));
    const here = kept.map((entry) => own.get(entry.mutationId) ?? resume(entry));
    const sent = this.#entries.filter(({ state }) => state === 'sent');
    this.#entries = [...sent, ...here];
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What another tab, or the page before this one, was sending is sent by this one. */
const resume = (entry: Unsent): Unsent =>
  entry.state === 'sending' ? { ...entry, state: 'waiting' } : entry;

function parse(text: string | null): Unsent[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? (value as Unsent[]) : [];
  } catch {
    return [];
  }
}

export const outbox = new Outbox();
