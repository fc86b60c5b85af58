/**
 * Many clients spending one account, one credit at a time: our conditional update beside the same change under
 * SERIALIZABLE with retries. Both go through the same ORM and pool, write the same line of history and append the
 * same event. Ours needs one statement for all of it, for it decides under the lock; the other reads, decides and
 * writes, as that isolation is there for. (Our statement under SERIALIZABLE, tried too, does a third of ours.)
 */
import { randomUUID } from 'node:crypto';
import { type EntityManager, IsolationLevel, type MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../src/database/executePrepared.ts';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { moveCredits } from '../../src/domain/credits/moveCredits.ts';
import { appendEvents } from '../../src/events/sql/appendEvents.ts';
import { viewBalance } from '../../src/views/credits.ts';
import { median } from './median.ts';

const clients = 16;
const secondsOfRound = 1;
const rounds = 15;
const plenty = 1_000_000_000;

interface Spent {
  perSecond: number;
  /** Spendings that were given up. */
  errors: number;
  /** Times that a transaction was begun again. */
  retries: number;
}

async function makeAccount(orm: MikroORM): Promise<string> {
  const id = uuidv7();
  await orm.em
    .fork()
    .execute(
      `insert into actors (id, actor_type, name, username, email, password_hash) values (?, 'person', 'Bench', ?, ?, 'none')`,
      [id, `bench${id}`, `${id}@example.org`],
      'run',
    );
  await transact(orm, systemCause, (em) =>
    moveCredits(em, { userId: id, delta: plenty, kind: 'grant', reason: 'to spend', key: 'grant' }),
  );
  return id;
}

const ours = (orm: MikroORM, userId: string) =>
  transact(orm, systemCause, (em) =>
    moveCredits(em, { userId, delta: -1, kind: 'correction', reason: 'spent', key: randomUUID() }),
  );

interface Row {
  credits: number;
  held: number;
}

async function spendSerializably(em: EntityManager, id: string): Promise<void> {
  const [account] = await executePrepared<Row>(
    em,
    'select credits::float8 as credits, credits_held::float8 as held from actors where id = $1',
    [id],
  );
  if (!account || account.credits - account.held < 1) throw new Error('There are not enough credits.');
  const credits = account.credits - 1;
  await executePrepared(em, 'update actors set credits = $2 where id = $1', [id, credits]);
  await executePrepared(
    em,
    `insert into credits_history (id, user_id, delta, kind, reason, balance_after, idempotency_key)
     values ($1, $2, -1, 'correction', 'spent', $3, $4)`,
    [uuidv7(), id, credits, randomUUID()],
  );
  const payload = viewBalance({ id, credits, creditsHeld: account.held, creditDebt: 0 });
  await appendEvents(em, {
    stream: `user:${id}`,
    events: [{ type: 'credits.changed', subject: `credits:${id}`, payload }],
    audits: [],
    actorId: null,
    mutationId: null,
  });
}

/** Retries as `transact` does, but for as long as it takes. @returns how often. */
async function theirs(orm: MikroORM, userId: string): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    const em = orm.em.fork();
    try {
      await em.begin({ isolationLevel: IsolationLevel.SERIALIZABLE });
      await spendSerializably(em, userId);
      await em.commit();
      return failures;
    } catch (error) {
      await em.rollback().catch(() => {});
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code !== '40001' && code !== '40P01') throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** Math.min(failures, 5)));
    }
  }
}

async function run(spend: () => Promise<number>): Promise<Spent> {
  let [done, errors, retries] = [0, 0, 0];
  const began = performance.now();
  const until = began + secondsOfRound * 1000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until)
        await spend().then(
          (again) => {
            done += 1;
            retries += again;
          },
          () => (errors += 1),
        );
    }),
  );
  return { perSecond: (done * 1000) / (performance.now() - began), errors, retries };
}

/**
 * Runs both in turn, fifteen times after a first time that does not count, and now the one, now the other first.
 * What else the machine does meets two neighbours alike, so their ratio is taken of each round, and then the median
 * of these.
 * @param orm with at least sixteen connections, on a database that is migrated.
 */
export async function measureSpending(orm: MikroORM): Promise<Record<string, number>> {
  const results: { ours: Spent; theirs: Spent }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const [own, other] = [await makeAccount(orm), await makeAccount(orm)];
    // As autovacuum would have done before long: plans for tables with rows, not for empty ones.
    await orm.em.fork().execute('vacuum analyze actors, credits_history, streams', [], 'run');
    const spendOurs = () =>
      run(async () => {
        await ours(orm, own);
        return 0;
      });
    const spendTheirs = () => run(() => theirs(orm, other));
    const isFirst = round % 2 === 0;
    const early = isFirst ? await spendOurs() : await spendTheirs();
    const late = isFirst ? await spendTheirs() : await spendOurs();
    const result = isFirst ? { ours: early, theirs: late } : { ours: late, theirs: early };
    if (round >= 0) results.push(result);
  }
  const middle = (pick: (result: { ours: Spent; theirs: Spent }) => number) => median(results.map(pick));
  return {
    credits_per_second: Math.round(middle((result) => result.ours.perSecond)),
    credits_serializable_per_second: Math.round(middle((result) => result.theirs.perSecond)),
    credits_serializable_retries: middle((result) => result.theirs.retries),
    credits_errors: results.reduce((sum, result) => sum + result.ours.errors, 0),
    credits_vs_serializable:
      Math.round(100 * middle((result) => result.ours.perSecond / result.theirs.perSecond)) / 100,
  };
}
