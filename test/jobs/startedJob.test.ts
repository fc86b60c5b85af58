import { afterAll, beforeAll, expect, test } from 'vitest';
import { handlers } from '../../src/jobs/handlers.ts';
import { claimJobs } from '../../src/jobs/sql/claimJobs.ts';
import { reviveMoments } from '../../src/events/reviveMoments.ts';
import { jobView, viewJob } from '../../src/views/jobs.ts';
import { findJobRow } from '../../src/views/sql/findJobRow.ts';
import { type Workplace, openWorkplace } from './openWorkplace.ts';

let place: Workplace;

beforeAll(async () => {
  place = await openWorkplace();
});
afterAll(() => place[Symbol.asyncDispose]());

const stages = [
  { name: 'first', weight: 1, progress: 100, segments: { total: 3, completed: 3, failed: 0 } },
  { name: 'second', weight: 3, progress: 20, segments: null },
];

/** A waiting job none of whose fields has its default, as one that was tried before; or one that nobody asked for. */
async function insert(jobType: string, { isFresh }: { isFresh: boolean }): Promise<string> {
  const { reads, userId } = { ...place, reads: place.database.reads };
  const given = isFresh
    ? [null, 0, 0, 0, 0, [], {}, 0]
    : [userId, 40, 2, 7, 12, stages, { ref: 'main', startedAt: 'just a text' }, 3];
  const [user, progress, attempts, priority, cost, ofStages, metadata, price] = given;
  const { rows } = await reads.query<{ id: string }>(
    `insert into jobs (id, job_type, project_id, user_id, status, progress, attempts, priority, cost_credits, stages, metadata, unit_price,
       started_at, created_at, updated_at)
     values (gen_random_uuid(), $1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9, $10,
       case when $5 = 0 then null else now() - interval '1 hour' end, now() - interval '1 day', now() - interval '1 minute')
     returning id`,
    [
      jobType,
      await place.newProject(),
      user,
      progress,
      attempts,
      priority,
      cost,
      JSON.stringify(ofStages),
      JSON.stringify(metadata),
      price,
    ],
  );
  return rows[0]?.id ?? '';
}

const kinds = [...handlers.keys()].flatMap((jobType) => [
  { jobType, isFresh: true },
  { jobType, isFresh: false },
]);

/**
 * The database builds this view by itself (`claim_jobs` in the migrations), and `viewJob` builds it everywhere else. A new
 * field of one that the other lacks fails here.
 */
test.each(kinds)(
  'a started job of the kind $jobType (new: $isFresh) is told as its row is read',
  async (kind) => {
    const { reads } = place.database;
    const id = await insert(kind.jobType, kind);
    const rules = { places: 8, after: '00000000-0000-0000-0000-000000000000', perProject: 8, perType: {} };
    const [claimed] = await claimJobs(reads, { ...rules, types: [kind.jobType] });
    const row = await findJobRow(reads, id, null);
    const shown = viewJob(row ?? expect.fail('the job is gone'));
    const { metadata, unitPrice, streamSeq, ...started } = claimed ?? expect.fail('no job was started');

    expect(started).toStrictEqual(shown);
    expect(started).toMatchObject({ id, status: 'running', attempts: kind.isFresh ? 1 : 3 });
    expect(metadata).toStrictEqual(kind.isFresh ? {} : { ref: 'main', startedAt: 'just a text' });
    expect(unitPrice).toBe(kind.isFresh ? 0 : 3);

    const events = await reads.query<{ type: string; seq: string; payload: unknown }>(
      `select type, seq, payload from events where subject = $1`,
      [`job:${id}`],
    );
    expect(events.rows).toMatchObject([{ type: 'job.started', seq: String(streamSeq) }]);
    const payload = reviveMoments(events.rows[0]?.payload);
    expect(payload).toStrictEqual(shown);
    expect(jobView.strict().parse(payload)).toStrictEqual(shown);
  },
);
