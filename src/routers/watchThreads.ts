import type { LogEvent } from '../events/watch.ts';
import { LogWatch } from '../events/watch.ts';
import { fail } from '../errors.ts';
import type { ThreadView } from '../views/threads.ts';
import { readThread } from '../views/sql/readThread.ts';
import { type ThreadsSnapshot, readThreadsSnapshot } from '../views/sql/readThreadsSnapshot.ts';
import { findFileThreads } from '../views/sql/findFileThreads.ts';
import type { Call } from './Call.ts';

export interface WatchThreadsInput {
  threadId?: string | undefined;
  filePath?: string | undefined;
  lastEventId?: string | null | undefined;
}

/** The thread that an event of the catalogue shows, if it shows one. */
function threadOf(event: LogEvent): ThreadView | undefined {
  if (event.type === 'thread.created') return (event as LogEvent<'thread.created'>).payload.thread;
  return event.type.startsWith('thread.') ? (event as LogEvent<'thread.moved'>).payload : undefined;
}

/**
 * Which events concern a file: those of threads that stand in it, or have stood in it since the subscription
 * began, so that a watcher also hears when one leaves. Comments do not say where their thread stands.
 */
class FileFilter {
  readonly #filePath: string;
  readonly #threadIds = new Set<string>();
  #replayedTo = 0;

  constructor(filePath: string) {
    this.#filePath = filePath;
  }

  learn(threadIds: readonly string[]): void {
    for (const id of threadIds) this.#threadIds.add(id);
  }

  /** A thread that left before `seq`, while the watcher was away, is not among those that stand there now. */
  replayTo(seq: number): void {
    this.#replayedTo = seq;
  }

  wants(event: LogEvent): boolean {
    const id = event.subject.slice('thread:'.length);
    const thread = threadOf(event);
    if (thread?.filePath === this.#filePath) this.#threadIds.add(id);
    if (this.#threadIds.has(id)) return true;
    return (
      event.seq <= this.#replayedTo && (event.type === 'thread.moved' || event.type === 'thread.outdated')
    );
  }
}

/** The live view of a project's threads, of one of them, or of those in a file. @throws NOT_FOUND (thread). */
export async function watchThreads(ctx: Call, input: WatchThreadsInput): Promise<LogWatch<ThreadsSnapshot>> {
  const { projectId, reads } = ctx;
  const { threadId, filePath } = input;
  const lastEventId = input.lastEventId ?? undefined;
  if (threadId && !(await readThread(reads, { projectId, threadId, callerId: null })))
    return fail('NOT_FOUND', { thing: 'thread' });
  const inFile = filePath === undefined ? undefined : new FileFilter(filePath);
  if (inFile && filePath !== undefined && lastEventId !== undefined) {
    const now = await findFileThreads(reads, projectId, filePath);
    inFile.learn(now.threadIds);
    inFile.replayTo(now.seq);
  }
  return new LogWatch(ctx.feed, {
    stream: `project:${projectId}`,
    wants(event) {
      if (!event.subject.startsWith('thread:')) return false;
      if (threadId && event.subject !== `thread:${threadId}`) return false;
      return inFile?.wants(event) ?? true;
    },
    async snapshot(client) {
      if (inFile && filePath !== undefined)
        inFile.learn((await findFileThreads(client, projectId, filePath)).threadIds);
      return readThreadsSnapshot(client, projectId, { threadId, filePath });
    },
    reauthorizer: ctx.reauthorizer('threads.watch'),
    lastEventId,
  });
}
