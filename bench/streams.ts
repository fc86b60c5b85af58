/**
 * `npm run bench:streams [-- --streams=1000 --rounds=5 --seconds=3 --writers=16]`: events per second, one a
 * transaction, from so many writers at once into one stream, and into many in turn, by the way that every verb
 * writes them (`transact`, `emit`: gap-free numbers, audit, epochs, hint). Beside it, in turn: `prepared`, a bare
 * prepared insert of the same row in a transaction of its own, without numbers, over `pg`; and `orm`, the same
 * insert in an otherwise empty transaction of the ORM, which is what any write costs here at the least.
 * PostgreSQL writes to disk. The last line is JSON; ratios are medians of the rounds.
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { executePrepared } from '../src/database/executePrepared.ts';
import { openDatabase } from '../src/database/openDatabase.ts';
import { transact } from '../src/database/transaction.ts';
import { makeComment } from './support/makeEvent.ts';
import { median } from './support/median.ts';
import { openBenchDatabase } from './support/openBenchDatabase.ts';
import { openPublisher } from './support/openPublisher.ts';
import { runFor } from './support/runFor.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    writers: { type: 'string', default: '16' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const writers = Number(values.writers);
const insert = `
insert into events (stream, seq, type, subject, payload, created_at)
values ($1, $2, 'comment.added', $3, $4::jsonb, clock_timestamp())`;

await using database = await openBenchDatabase({ people: 1, comments: 0 }, { durable: true });
const pool = new pg.Pool({ ...database.connection, max: writers });
// What ends the run must be told, not that its connections then break.
pool.on('error', () => {});
await using opened = await openDatabase(database.connection, { poolSize: writers, onPoolError: () => {} });
await using publisher = await openPublisher(database.connection, writers);
const { orm } = opened;
const projects = Array.from({ length: Number(values.streams) }, () => randomUUID());
let seq = 0;

function makeRow(): [stream: string, seq: number, subject: string, payload: string] {
  const comment = makeComment();
  seq += 1;
  return ['project:bare', seq, `thread:${comment.threadId}`, JSON.stringify(comment)];
}

const ways: Record<string, (n: number) => Promise<unknown>> = {
  one_stream: () => publisher.publish(projects[0] ?? ''),
  many_streams: (n) => publisher.publish(projects[n % projects.length] ?? ''),
  orm: () => transact(orm, { actorId: null, via: 'system' }, (em) => executePrepared(em, insert, makeRow())),
  prepared: () => pool.query({ name: 'bare', text: insert, values: makeRow() }),
};

const rates = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
try {
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, work] of Object.entries(ways)) {
      const perSecond = await runFor(round === 0 ? 1 : seconds, writers, work);
      // The first round warms up.
      if (round > 0) rates.get(name)?.push(perSecond);
    }
  }
} finally {
  await pool.end();
}
const of = (name: string) => rates.get(name) ?? [];
const ratio = (name: string, other: string) =>
  Number(median(of(name).map((rate, round) => rate / (of(other)[round] ?? Number.NaN))).toPrecision(3));
const figures: Record<string, number> = {};
for (const [name, taken] of rates) {
  figures[`${name}_per_s`] = Math.round(median(taken));
  console.log(`${name.padEnd(13)} ${String(figures[`${name}_per_s`]).padStart(6)}/s`);
}
console.log(
  JSON.stringify({
    bench: 'streams',
    streams: projects.length,
    writers,
    one_vs_bare: ratio('one_stream', 'prepared'),
    many_vs_bare: ratio('many_streams', 'prepared'),
    one_vs_orm: ratio('one_stream', 'orm'),
    many_vs_orm: ratio('many_streams', 'orm'),
    ...figures,
  }),
);
