import { join } from 'node:path';
import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { openBus } from '../../src/bus/openBus.ts';
import { type Connection, openDatabase } from '../../src/database/openDatabase.ts';
import { transact } from '../../src/database/transaction.ts';
import { requestSync } from '../../src/domain/repositories/requestSync.ts';
import { openFileStorage } from '../../src/drivers/storage/openFileStorage.ts';
import { announceTo } from '../../src/events/record.ts';
import { startWorker } from '../../src/jobs/startWorker.ts';
import { readSettings } from '../../src/settings.ts';
import { findJobRow } from '../../src/views/sql/findJobRow.ts';

export interface BenchWorkplace extends AsyncDisposable {
  /** Syncs the repository into a new project through the queue; resolves when its job is completed. */
  sync(repository: string): Promise<void>;
}

/** A worker as a server runs it, on a data directory of its own. */
export async function openWorkplace(
  connection: Connection,
  dataDir: string,
  repositories: string,
): Promise<BenchWorkplace> {
  const settings = readSettings({ DATA_DIR: dataDir, REPOSITORY_PATHS: repositories, LOG_LEVEL: 'error' });
  const log = pino({ level: settings.LOG_LEVEL });
  const database = await openDatabase(connection, { poolSize: 8, onPoolError: () => {} });
  const { orm, reads } = database;
  const bus = await openBus({ connection, log });
  announceTo(orm, (stream, seq) => bus.publishHint(stream, seq));
  const storage = await openFileStorage(join(dataDir, 'blobs'));
  const worker = await startWorker({ connection, orm, reads, bus, storage, settings, log });
  const userId = uuidv7();
  await reads.query(
    `insert into actors (id, actor_type, name, username) values ($1::uuid, 'organization', 'Bench', $1::text)`,
    [userId],
  );

  async function sync(repository: string): Promise<void> {
    const projectId = uuidv7();
    await reads.query(
      'insert into projects (id, owner_id, name, identifier, repository_url) values ($1::uuid, $2, $1::text, $1::text, $3)',
      [projectId, userId, repository],
    );
    const actor = {
      id: userId,
      username: 'bench',
      name: 'Bench',
      actorType: 'person',
      sessionId: null,
      apiKeyId: null,
    } as const;
    const { id } = await transact(orm, { actorId: userId, via: 'session' }, (em) =>
      requestSync(em, actor, { projectId }),
    );
    await untilCompleted(projectId, id);
  }

  /** Looks at each hint of the project's stream, which comes right after a commit. */
  async function untilCompleted(projectId: string, jobId: string): Promise<void> {
    const over = Promise.withResolvers<void>();
    const look = async (): Promise<void> => {
      const row = await findJobRow(reads, jobId, projectId);
      if (row?.status === 'completed') over.resolve();
      else if (row?.status === 'failed') over.reject(new Error(row.errorMessage ?? 'failed'));
    };
    const stop = bus.onHint((stream) => {
      if (stream === `project:${projectId}`) look().catch(over.reject);
    });
    await look();
    await over.promise.finally(stop);
  }

  return {
    sync,
    async [Symbol.asyncDispose]() {
      await worker.stop();
      await bus.close();
      await database.close();
    },
  };
}
