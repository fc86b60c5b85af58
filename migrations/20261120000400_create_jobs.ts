import { Migration } from '@mikro-orm/migrations';

export class Migration20261120000400 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(
      `create type "job_status" as enum ('pending', 'queued', 'running', 'failed', 'completed', 'cancelled')`,
    );
    this.addSql(`create table "jobs" (
      "id" uuid not null,
      "user_id" uuid null,
      "project_id" uuid null,
      "job_type" varchar(100) not null,
      "status" "job_status" not null default 'pending',
      "progress" int not null default 0,
      "metadata" jsonb not null default '{}',
      "cost_credits" bigint not null default '0',
      "error_code" varchar(100) null,
      "error_message" text null,
      "attempts" int not null default 0,
      "heartbeat_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "started_at" timestamptz(3) null,
      "finished_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "jobs_user_id_status_index" on "jobs" ("user_id", "status")`);
    this.addSql(
      `create index "jobs_project_id_created_at_index" on "jobs" ("project_id", "created_at", "id")`,
    );
    this.addSql(`create index "jobs_queued_index" on "jobs" ("created_at") where "status" = 'queued'`);
    this.addSql(`create index "jobs_running_index" on "jobs" ("heartbeat_at") where "status" = 'running'`);
    this.addSql(
      `alter table "jobs" add constraint "jobs_progress_percent" check (progress >= 0 and progress <= 100)`,
    );
    this.addSql(`alter table "jobs" add constraint "jobs_cost_not_negative" check (cost_credits >= 0)`);
    this.addSql(
      `alter table "jobs" add constraint "jobs_user_id_foreign" foreign key ("user_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "jobs" add constraint "jobs_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete set null`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "jobs"`);
    this.addSql(`drop type "job_status"`);
  }
}
