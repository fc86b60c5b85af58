import { Migration } from '@mikro-orm/migrations';

/** Walks from one project and kind that has waiting jobs to the next, however many jobs each has. */
const walk = (name: string, condition: string) => `
    ${name} as (
      (select project_id, job_type from jobs where status = 'queued' and ${condition} order by project_id, job_type limit 1)
      union all
      select n.project_id, n.job_type from ${name} w cross join lateral (
        select project_id, job_type from jobs
        where status = 'queued' and (project_id, job_type) > (w.project_id, w.job_type)
        order by project_id, job_type limit 1
      ) n
    )`;

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * How workers take jobs out of the queue (see src/jobs/sql/claimJobs.ts), and how they hear that there are some.
 *
 * A function, because one round trip then does all of it: claims are made one after another, so that none goes
 * beyond a limit which another has just reached, and each statement of the function sees what committed before.
 */
export class Migration20261121095300 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create function claim_jobs(
      p_types text[], p_places int, p_after uuid, p_per_project int, p_per_type jsonb, p_audit_ids uuid[]
    ) returns table (job jsonb, metadata jsonb, unit_price float8, stream_seq float8)
    language plpgsql set plan_cache_mode = force_generic_plan as $$
    #variable_conflict use_column
    declare
      claimed jobs[];
      open_types text[];
    begin
      perform pg_advisory_xact_lock(hashtextextended('tessera: claim jobs', 0));
      -- Those at their limit are left out here: hundreds of projects that wait for one would hide all other work.
      open_types := array(
        select type from unnest(p_types) type
        where p_per_type ->> type is null
          or (p_per_type ->> type)::int > (select count(*) from jobs where status = 'running' and job_type = type)
      );
      with recursive ${walk('ahead', `project_id > p_after`)}, ${walk('anew', `project_id is not null`)},
    kinds as (
      -- As many as one claim looks at; the next goes on after the project that was served last.
      select project_id, job_type, min(place) as place from (
        (select project_id, job_type, row_number() over () as place from (select * from ahead limit 4096) w
          where job_type = any(open_types) limit 256)
        union all
        (select project_id, job_type, 256 + row_number() over () from (select * from anew limit 4096) w
          where job_type = any(open_types) limit 256)
      ) both_ways
      group by project_id, job_type
    ), busy as (
      select project_id, job_type, count(*)::int as n from jobs where status = 'running' group by project_id, job_type
    ), open_kinds as (
      select k.project_id, k.job_type, min(k.place) over (partition by k.project_id) as place, p.n as busy_in_project,
        least(p_per_project - p.n, l.most - t.n) as free, l.most - t.n as free_of_type
      from kinds k
      cross join lateral (select coalesce(sum(b.n), 0)::int as n from busy b where b.project_id = k.project_id) p
      cross join lateral (select coalesce(sum(b.n), 0)::int as n from busy b where b.job_type = k.job_type) t
      cross join lateral (select coalesce((p_per_type ->> k.job_type)::int, 1000000) as most) l
    ), waiting as (
      -- Every project gets a place before any gets its second, and between equals the turn goes round.
      select j.id, k.job_type, k.place, k.free_of_type, k.busy_in_project + row_number() over (
        partition by k.project_id order by j.priority desc, j.created_at, j.id
      ) as turn
      from open_kinds k cross join lateral (
        select j.id, j.priority, j.created_at from jobs j
        where j.status = 'queued' and j.project_id = k.project_id and j.job_type = k.job_type
          -- The moments of the table are rounded to milliseconds: a job may seem to come from half of one ahead.
          and j.run_at < now() + interval '1 millisecond'
        order by j.priority desc, j.created_at, j.id
        limit greatest(0, least(p_places, k.free))
      ) j
    ), chosen as (
      select id from (
        select id, turn, place, free_of_type, row_number() over (partition by job_type order by turn, place) as of_type
        from waiting where turn <= p_per_project
      ) ranked
      where of_type <= free_of_type order by turn, place limit p_places
    ), locked as (
      select id from jobs where id in (select id from chosen) and status = 'queued' for no key update skip locked
    ), started as (
      update jobs j set
        status = 'running', attempts = attempts + 1, started_at = now(), heartbeat_at = now(), updated_at = now()
      from locked where j.id = locked.id
      returning j as row
    )
    select array_agg(row) into claimed from started;
      if claimed is null then
        return;
      end if;
      return query
      with given as (
        select j.*, 'project:' || j.project_id as stream, row_number() over (order by j.id) as n,
          row_number() over (partition by j.project_id order by j.id) as position,
          count(*) over (partition by j.project_id) as of_project,
          jsonb_build_object('id', j.id, 'projectId', j.project_id, 'userId', j.user_id, 'jobType', j.job_type,
            'status', j.status, 'progress', j.progress, 'attempts', j.attempts, 'priority', j.priority,
            'costCredits', j.cost_credits, 'stages', j.stages, 'error', null, 'createdAt', ${iso('j.created_at')},
            'startedAt', ${iso('j.started_at')}, 'finishedAt', null, 'updatedAt', ${iso('j.updated_at')}) as view
        from unnest(claimed) j
      ), head as (
        -- In the order of the names, as every transaction that writes to several streams.
        insert into streams as s (stream, seq) select stream, count(*) from given group by stream order by stream
        on conflict (stream) do update set seq = s.seq + excluded.seq
        returning s.stream, s.seq
      ), appended as (
        insert into events (stream, seq, type, subject, payload, created_at)
        select g.stream, h.seq - g.of_project + g.position, 'job.started', 'job:' || g.id, g.view, clock_timestamp()
        from given g join head h on h.stream = g.stream
      ), audited as (
        insert into audit_logs (id, project_id, action, entity_type, entity_id, changes, via)
        select p_audit_ids[g.n], g.project_id, 'update', 'jobs', g.id::text, jsonb_build_object(
          'status', jsonb_build_object('old', 'queued', 'new', 'running'),
          'attempts', jsonb_build_object('old', g.attempts - 1, 'new', g.attempts)
        ), 'worker' from given g
      )
      select g.view, g.metadata, g.unit_price::float8, h.seq::float8 from given g join head h on h.stream = g.stream;
    end $$`);
    this.addSql(`create function tell_workers() returns trigger language plpgsql as $$
    begin
      perform pg_notify('tessera_jobs', '');
      return null;
    end $$`);
    this.addSql(`create trigger "jobs_wait" after insert or update of status on "jobs"
      for each row when (new.status = 'queued') execute function tell_workers()`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop trigger "jobs_wait" on "jobs"`);
    this.addSql(`drop function tell_workers()`);
    this.addSql(`drop function claim_jobs(text[], int, uuid, int, jsonb, uuid[])`);
  }
}
