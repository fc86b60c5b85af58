import { Migration } from '@mikro-orm/migrations';

/** A job's place in the queue and how far its stages are; what became of each segment and what it cost. */
export class Migration20261121092500 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`alter table "jobs"
      add column "priority" int not null default 0,
      add column "run_at" timestamptz(3) not null default now(),
      add column "unit_price" bigint not null default '0',
      add column "stages" jsonb not null default '[]',
      add constraint "jobs_priority_bounded" check (priority >= -10 and priority <= 10),
      add constraint "jobs_unit_price_not_negative" check (unit_price >= 0)`);
    this.addSql(
      `create index "jobs_waiting_index" on "jobs" ("project_id", "job_type", "priority" desc, "created_at", "id") where "status" = 'queued'`,
    );
    this.addSql(`drop index "jobs_queued_index"`);
    this.addSql(`alter table "job_segments"
      add column "error_code" varchar(100) null,
      add column "cost_credits" bigint not null default '0',
      add constraint "job_segments_cost_not_negative" check (cost_credits >= 0)`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`alter table "job_segments" drop column "error_code", drop column "cost_credits"`);
    this.addSql(`create index "jobs_queued_index" on "jobs" ("created_at") where "status" = 'queued'`);
    this.addSql(`drop index "jobs_waiting_index"`);
    this.addSql(
      `alter table "jobs" drop column "priority", drop column "run_at", drop column "unit_price", drop column "stages"`,
    );
  }
}
