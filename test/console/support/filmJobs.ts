/** Jobs that a test holds in its hand: one by parts, of which one waits and fails, and one that never ends. */
import pino from 'pino';
import { z } from 'zod';
import { openBus } from '../../../src/bus/openBus.ts';
import { transact } from '../../../src/database/transaction.ts';
import { fail } from '../../../src/errors.ts';
import { defineJob } from '../../../src/jobs/defineJob.ts';
import { enqueueJob } from '../../../src/jobs/enqueue.ts';
import { startWorker } from '../../../src/jobs/startWorker.ts';
import { readSettings } from '../../../src/settings.ts';
import type { Person, TestServer } from '../../support/server.ts';

const scenes = ['Opening', 'The river', 'The storm', 'Ending'];
const storm = 2;

/** Never fulfilled; rejected when the job is to stop. */
const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

export interface FilmJobs extends AsyncDisposable {
  /** Subtitles in four parts: “The storm” waits for `release`, and fails until `mend`. Answers the job's id. */
  subtitle(projectId: string, title: string): Promise<string>;
  /** Stands at 30 % until it is cancelled. Answers the job's id. */
  listen(projectId: string): Promise<string>;
  release(): void;
  mend(): void;
}

/** Starts a worker beside the server's own that takes these jobs; `person` asks for them. */
export async function startFilmJobs(server: TestServer, person: Person): Promise<FilmJobs> {
  const released = Promise.withResolvers<void>();
  let isMended = false;
  const film = defineJob({
    type: 'films.subtitle',
    params: z.object({ title: z.string() }),
    stages: { listen: 1, write: 3 },
    quote: () => 0,
    async run(job) {
      job.progress('listen', 1, 'Listening');
      const items = scenes.map((label, n) => ({
        input: n,
        label,
        startMs: n * 90_000,
        endMs: (n + 1) * 90_000,
      }));
      await job.segments('write', items, async ({ input, signal }) => {
        if (input === storm) await Promise.race([released.promise, aborted(signal)]);
        if (input === storm && !isMended) fail('REPOSITORY_EMPTY');
      });
    },
  });
  const endless = defineJob({
    type: 'films.listen',
    params: z.object({}),
    stages: { listen: 1 },
    quote: () => 0,
    async run(job) {
      job.progress('listen', 0.3, 'Listening');
      await aborted(job.signal);
    },
  });
  const log = pino({ level: 'silent' });
  const { connection } = server.database;
  const { orm, reads, storage } = server.tessera.services;
  const bus = await openBus({ connection, log });
  const worker = await startWorker({
    connection,
    orm,
    reads,
    bus,
    storage,
    settings: readSettings({ DATA_DIR: server.dataDir, STOP_SECONDS: '2' }),
    log,
    handlers: new Map([film, endless].map((definition) => [definition.type, definition])),
  });
  const enqueue = async (projectId: string, jobType: string, params: Record<string, unknown>) => {
    const cause = { actorId: person.id, via: 'session' } as const;
    const job = { jobType, projectId, userId: person.id, params };
    return (await transact(orm, cause, (em) => enqueueJob(em, job))).id;
  };
  return {
    subtitle: (projectId, title) => enqueue(projectId, film.type, { title }),
    listen: (projectId) => enqueue(projectId, endless.type, {}),
    release: () => released.resolve(),
    mend: () => {
      isMended = true;
    },
    async [Symbol.asyncDispose]() {
      await worker.stop();
      await bus.close();
    },
  };
}
