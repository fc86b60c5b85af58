import { Migration } from '@mikro-orm/migrations';

export class Migration20261121003400 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "preview_status" as enum ('PENDING', 'READY', 'EXPIRED')`);
    this.addSql(`create type "preview_cleanup_stage" as enum ('EXPIRED', 'SOFT_DELETED', 'PURGED')`);
    this.addSql(`create type "ai_job_type" as enum ('DOCS', 'EXPLANATION', 'SUMMARY', 'REVIEW')`);
    this.addSql(`create table "ai_jobs" (
      "id" uuid not null,
      "project_id" uuid not null,
      "type" "ai_job_type" not null,
      "params" jsonb not null default '{}',
      "result" jsonb null,
      "thread_id" uuid null,
      primary key ("id")
    )`);
    this.addSql(`create index "ai_jobs_project_id_index" on "ai_jobs" ("project_id")`);
    this.addSql(`create index "ai_jobs_thread_id_index" on "ai_jobs" ("thread_id")`);
    this.addSql(`create table "refactor_jobs" (
      "id" uuid not null,
      "project_id" uuid not null,
      "params" jsonb not null default '{}',
      "proposal" jsonb null,
      "applied_changes" jsonb null,
      primary key ("id")
    )`);
    this.addSql(`create index "refactor_jobs_project_id_index" on "refactor_jobs" ("project_id")`);
    this.addSql(
      `alter table "refactor_jobs" add constraint "refactor_jobs_proposed_before_applied" check (applied_changes is null or proposal is not null)`,
    );
    this.addSql(`create table "preview_sessions" (
      "id" uuid not null,
      "project_id" uuid not null,
      "created_by" uuid null,
      "job_id" uuid null,
      "preview_token" varchar(255) not null,
      "status" "preview_status" not null default 'PENDING',
      "bundle_path" text null,
      "bundle_url" text null,
      "expires_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "preview_sessions_created_by_index" on "preview_sessions" ("created_by")`);
    this.addSql(`create index "preview_sessions_job_id_index" on "preview_sessions" ("job_id")`);
    this.addSql(
      `create index "preview_sessions_created_at_index" on "preview_sessions" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `create index "preview_sessions_expiry_index" on "preview_sessions" ("expires_at") where "status" <> 'EXPIRED'`,
    );
    this.addSql(
      `alter table "preview_sessions" add constraint "preview_sessions_preview_token_unique" unique ("preview_token")`,
    );
    this.addSql(
      `alter table "preview_sessions" add constraint "preview_sessions_ready_has_bundle" check (status <> 'READY' or bundle_path is not null or bundle_url is not null)`,
    );
    this.addSql(`create table "preview_cleanup_events" (
      "id" uuid not null,
      "preview_session_id" uuid not null,
      "stage" "preview_cleanup_stage" not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `alter table "preview_cleanup_events" add constraint "preview_cleanup_events_stage_unique" unique ("preview_session_id", "stage")`,
    );
    this.addSql(
      `alter table "ai_jobs" add constraint "ai_jobs_id_foreign" foreign key ("id") references "jobs" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "ai_jobs" add constraint "ai_jobs_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "ai_jobs" add constraint "ai_jobs_thread_id_foreign" foreign key ("thread_id") references "comment_threads" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "refactor_jobs" add constraint "refactor_jobs_id_foreign" foreign key ("id") references "jobs" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "refactor_jobs" add constraint "refactor_jobs_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "preview_sessions" add constraint "preview_sessions_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "preview_sessions" add constraint "preview_sessions_created_by_foreign" foreign key ("created_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "preview_sessions" add constraint "preview_sessions_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "preview_cleanup_events" add constraint "preview_cleanup_events_preview_session_id_foreign" foreign key ("preview_session_id") references "preview_sessions" ("id") on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "preview_cleanup_events"`);
    this.addSql(`drop table "preview_sessions"`);
    this.addSql(`drop table "refactor_jobs"`);
    this.addSql(`drop table "ai_jobs"`);
    this.addSql(`drop type "preview_cleanup_stage"`);
    this.addSql(`drop type "preview_status"`);
    this.addSql(`drop type "ai_job_type"`);
  }
}
