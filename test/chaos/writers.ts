/** Who changes things under fire. A call that fails is made again with its mutationId, until it is answered. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type TesseraClient, type TesseraFailure, readFailure } from '../../client/src/index.ts';
import { monotonic } from './monotonic.ts';

/** Answers that say: not now. */
const passing = new Set<TesseraFailure['code']>(['UNAVAILABLE', 'INTERNAL', 'TOO_MANY_REQUESTS']);
const patienceMs = 5_000;

/** What was answered, and how. */
export class Ledger {
  /** Ids of the comments that were acknowledged. */
  readonly comments: string[] = [];
  readonly moments: number[] = [];
  readonly jobs: { projectId: string; jobId: string }[] = [];
  /** Failed calls that were made again, by what they failed with. */
  readonly retries = new Map<string, number>();
  readonly faults: string[] = [];
}

async function insist<T>(
  ledger: Ledger,
  call: (options: { signal: AbortSignal }, mutationId: string) => Promise<T>,
): Promise<T | undefined> {
  const mutationId = randomUUID();
  for (;;) {
    try {
      return await call({ signal: AbortSignal.timeout(patienceMs) }, mutationId);
    } catch (error) {
      const code = readFailure(error)?.code;
      if (code && !passing.has(code)) {
        ledger.faults.push(`a call was refused with ${code}`);
        return undefined;
      }
      const reason = code ?? 'no answer';
      ledger.retries.set(reason, (ledger.retries.get(reason) ?? 0) + 1);
      await sleep(100 + Math.random() * 200);
    }
  }
}

export interface Writing {
  client: TesseraClient;
  projectId: string;
  threadId: string;
  pauseMs: number;
}

/** Adds comments of about two kilobytes until the signal. */
export async function writeComments(ledger: Ledger, of: Writing, signal: AbortSignal): Promise<void> {
  const { client, projectId, threadId, pauseMs } = of;
  while (!signal.aborted) {
    const body = `${randomUUID()} ${'word '.repeat(400)}`;
    const comment = await insist(ledger, (options, mutationId) =>
      client.comments.add.mutate({ projectId, threadId, body, mutationId }, options),
    );
    if (comment) {
      ledger.comments.push(comment.id);
      ledger.moments.push(monotonic());
    }
    await sleep(pauseMs);
  }
}

const isOver = (status: string) => ['completed', 'failed', 'cancelled'].includes(status);

/** Branches of the repository, which differ in every file. */
export const branches = ['main', 'other'] as const;

/** Syncs a project's repository again and again, one sync after the other, until the signal. */
export async function requestJobs(
  ledger: Ledger,
  { client, projectId, pauseMs }: Omit<Writing, 'threadId'>,
  signal: AbortSignal,
): Promise<void> {
  for (let turn = 0; !signal.aborted; turn += 1) {
    const ref = branches[turn % branches.length];
    const job = await insist(ledger, (options, mutationId) =>
      client.repositories.sync.mutate({ projectId, ref, mutationId }, options),
    );
    if (!job) return;
    ledger.jobs.push({ projectId, jobId: job.id });
    for (let status: string = job.status; !isOver(status) && !signal.aborted;) {
      await sleep(200);
      const read = client.jobs.get.query(
        { projectId, jobId: job.id },
        { signal: AbortSignal.timeout(patienceMs) },
      );
      status = await read.then(
        (found) => found.status,
        () => 'unknown',
      );
    }
    await sleep(pauseMs);
  }
}
