import pino from 'pino';
import { openBus } from '../../src/bus/openBus.ts';
import { type Connection, openDatabase } from '../../src/database/openDatabase.ts';
import { transact } from '../../src/database/transaction.ts';
import { emit } from '../../src/events/emit.ts';
import { announceTo } from '../../src/events/record.ts';
import { makeComment } from './makeEvent.ts';

export interface Publisher extends AsyncDisposable {
  /** Commits one event of the stream; the hint follows over the bus, as from another node. */
  publish(projectId: string): Promise<void>;
}

/** What a node does to tell the others of a comment, without the comment's own rows. */
export async function openPublisher(connection: Connection, poolSize: number): Promise<Publisher> {
  const database = await openDatabase(connection, { poolSize, onPoolError: () => {} });
  const { orm } = database;
  const bus = await openBus({ connection, log: pino({ level: 'warn' }) });
  announceTo(orm, (stream, seq) => bus.publishHint(stream, seq));
  return {
    publish: (projectId) =>
      transact(orm, { actorId: null, via: 'system' }, async (em) =>
        emit(em, `project:${projectId}`, 'comment.added', makeComment),
      ),
    async [Symbol.asyncDispose]() {
      await bus.close();
      await database.close();
    },
  };
}
