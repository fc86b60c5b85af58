import { setTimeout as sleep } from 'node:timers/promises';
import type { Arena } from './Arena.ts';
import type { Watcher } from './watchers.ts';
import type { Ledger } from './writers.ts';

/** Seconds that watchers and jobs have to catch up once nothing goes wrong any more. */
const patience = 60;

export interface Accounts {
  arena: Arena;
  ledger: Ledger;
  watchers: Watcher[];
  projectId: string;
  /** Who is told of every comment of others. */
  listenerId: string;
}

async function until(condition: () => Promise<boolean> | boolean): Promise<boolean> {
  for (const end = performance.now() + patience * 1000; performance.now() < end; await sleep(100))
    if (await condition()) return true;
  return false;
}

async function headOf(arena: Arena, projectId: string): Promise<number> {
  const text = 'select seq::int as seq from streams where stream = $1';
  return (await arena.query<{ seq: number }>(text, [`project:${projectId}`]))[0]?.seq ?? 0;
}

const sameIds = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && some.every((id, index) => id === others[index]);

/** Comments: acknowledged ones are there, none twice, and each has its event. @returns their ids as the log has them. */
async function checkComments({ arena, ledger, projectId }: Accounts, broken: string[]): Promise<string[]> {
  const rows = await arena.query<{ id: string; body: string }>(
    'select c.id, c.body from comments c join comment_threads t on t.id = c.thread_id where t.project_id = $1',
    [projectId],
  );
  const stored = new Set(rows.map(({ id }) => id));
  const lost = ledger.comments.filter((id) => !stored.has(id)).length;
  if (lost > 0) broken.push(`${lost} acknowledged comments are lost`);
  const doubled = rows.length - new Set(rows.map(({ body }) => body)).size;
  if (doubled > 0) broken.push(`${doubled} comments were made twice`);
  const events = await arena.query<{ id: string }>(
    `select payload ->> 'id' as id from events where stream = $1 and type = 'comment.added' order by seq`,
    [`project:${projectId}`],
  );
  const told = new Set(events.map(({ id }) => id));
  if (told.size !== events.length) broken.push(`${events.length - told.size} comments have two events`);
  // The first comment of a thread comes with the event of the thread.
  const untold = rows.length - 1 - events.length;
  if (untold !== 0) broken.push(`${untold} comments have no event`);
  return events.map(({ id }) => id);
}

async function checkNotifications({ arena, listenerId }: Accounts, broken: string[]): Promise<void> {
  const text = `
    select count(*)::int as told, count(distinct (event_stream, event_seq))::int as events,
      (select count(*)::int from events where type = 'notification.added' and stream = 'user:' || $1
        and payload ->> 'type' = 'comment') as announced,
      (select count(*)::int from comments where author_id <> $1::uuid) as due
    from notifications where user_id = $1::uuid and type = 'comment'`;
  type Row = { told: number; events: number; announced: number; due: number };
  let row: Row | undefined;
  const isEven = await until(async () => {
    [row] = await arena.query<Row>(text, [listenerId]);
    return row?.told === row?.due && row?.events === row?.due && row?.announced === row?.due;
  });
  if (!isEven) broken.push(`notifications do not match the comments: ${JSON.stringify(row)}`);
}

async function checkJobs({ arena, ledger }: Accounts, broken: string[]): Promise<Record<string, number>> {
  type Row = { status: string; count: number };
  const text = 'select status, count(*)::int as count from jobs group by status order by status';
  let rows: Row[] = [];
  const isOver = await until(async () => {
    rows = await arena.query<Row>(text);
    return rows.every(({ status }) => ['completed', 'failed', 'cancelled'].includes(status));
  });
  const statuses = Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  if (!isOver) broken.push(`jobs have not ended: ${JSON.stringify(statuses)}`);
  const found = await arena.query<{ id: string }>('select id from jobs where id = any($1::uuid[])', [
    ledger.jobs.map(({ jobId }) => jobId),
  ]);
  const lost = ledger.jobs.length - found.length;
  if (lost > 0) broken.push(`${lost} acknowledged jobs are lost`);
  return statuses;
}

/** Every watcher has every event since its snapshot, once and in order. */
async function checkWatchers(
  { arena, watchers, projectId }: Accounts,
  commentIds: string[],
  broken: string[],
): Promise<void> {
  const head = await headOf(arena, projectId);
  await until(() => watchers.every(({ diary }) => diary.seq >= head));
  for (const { diary } of watchers) {
    for (const fault of diary.faults) broken.push(`${diary.name}: ${fault}`);
    if (diary.seq < head) broken.push(`${diary.name} stands at ${diary.seq} of ${head}`);
    if (!sameIds(diary.commentIds, commentIds.slice(commentIds.length - diary.commentIds.length)))
      broken.push(`${diary.name} was told of other comments than the log has`);
    const [first] = await arena.query<{ count: number }>(
      `select count(*)::int as count from events where stream = $1 and type = 'comment.added' and seq > $2`,
      [`project:${projectId}`, diary.from ?? 0],
    );
    if (first?.count !== diary.commentIds.length)
      broken.push(`${diary.name} was told of ${diary.commentIds.length} of ${first?.count} comments`);
  }
}

/** Compares what was acknowledged and told with what is there. @returns the promises that were broken, and how jobs ended. */
export async function reconcile(
  accounts: Accounts,
): Promise<{ broken: string[]; jobs: Record<string, number>; comments: number }> {
  const broken = [...accounts.ledger.faults];
  const jobs = await checkJobs(accounts, broken);
  const commentIds = await checkComments(accounts, broken);
  await checkWatchers(accounts, commentIds, broken);
  await checkNotifications(accounts, broken);
  return { broken, jobs, comments: commentIds.length };
}
