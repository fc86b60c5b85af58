/** The yardstick of large seed data: the same rows by plain COPY into tables with the same columns and indexes. */
import type pg from 'pg';
import type { Large } from './fillLarge.ts';
import type { LargeTable } from './fillPatterns.ts';

/** What pg's own query objects are told, as far as COPY needs it. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Runs one COPY, of what is given or to what is returned. */
function runCopy(client: pg.ClientBase, text: string, given?: Buffer): Promise<Buffer[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>();
  const received: Buffer[] = [];
  let failure: Error | undefined;
  const submittable = {
    submit: (connection: CopyConnection) => connection.query(text),
    handleCopyInResponse(connection: CopyConnection) {
      if (given) connection.sendCopyFromChunk(given);
      connection.endCopyFrom();
    },
    // Copied: pg reads what comes next into the same memory.
    handleCopyData: ({ chunk }: { chunk: Buffer }) => received.push(Buffer.from(chunk)),
    handleCommandComplete() {},
    handleReadyForQuery: () => (failure ? reject(failure) : resolve(received)),
    handleError(error: Error) {
      failure = error;
    },
  };
  client.query(submittable as never);
  return promise;
}

const columns = 'id, project_id, author_id, name, identifier, description, created_at, updated_at';
const chunkRows = 50_000;

/** How many seconds COPY takes for all the patterns, in tables that are dropped again. */
export async function copyRows(pool: pg.Pool, { rows, ownerId }: Large): Promise<number> {
  const client = await pool.connect();
  let seconds = 0;
  try {
    await client.query('create schema seed_copy');
    for (const table of Object.keys(rows) as LargeTable[]) {
      await client.query(`create table seed_copy.${table} (like public.${table} including all)`);
      let last = '00000000-0000-0000-0000-000000000000';
      for (;;) {
        const page = `from ${table} where author_id = '${ownerId}' and id > '${last}' order by id limit ${chunkRows}`;
        const data = Buffer.concat(await runCopy(client, `copy (select ${columns} ${page}) to stdout`));
        if (data.length === 0) break;
        const began = performance.now();
        await runCopy(client, `copy seed_copy.${table} (${columns}) from stdin`, data);
        seconds += (performance.now() - began) / 1000;
        // The id is the first column of each line.
        last = data
          .subarray(data.lastIndexOf('\n', data.length - 2) + 1)
          .toString()
          .slice(0, last.length);
      }
    }
  } finally {
    await client.query('drop schema if exists seed_copy cascade').catch(() => {});
    client.release();
  }
  return seconds;
}
