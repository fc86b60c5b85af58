import { Migration } from '@mikro-orm/migrations';

export class Migration20261121003300 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "media_type" as enum ('video', 'audio', 'subtitle')`);
    this.addSql(`create type "media_status" as enum ('uploading', 'ready', 'failed')`);
    this.addSql(`create type "hold_status" as enum ('held', 'captured', 'released', 'expired')`);
    this.addSql(
      `create type "tx_status" as enum ('pending', 'succeeded', 'failed', 'cancelled', 'refunded')`,
    );
    this.addSql(`create table "media_files" (
      "id" uuid not null,
      "project_id" uuid not null,
      "user_id" uuid null,
      "s3_key" varchar(1024) not null,
      "media_type" "media_type" not null,
      "duration_seconds" numeric(12,3) null,
      "size_bytes" bigint null,
      "mimetype" varchar(255) null,
      "derived_from" uuid null,
      "metadata" jsonb not null default '{}',
      "sha256" varchar(64) null,
      "status" "media_status" not null default 'uploading',
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "media_files_derived_from_index" on "media_files" ("derived_from")`);
    this.addSql(
      `create index "media_files_created_at_index" on "media_files" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `create index "media_files_user_id_project_id_index" on "media_files" ("user_id", "project_id")`,
    );
    this.addSql(`alter table "media_files" add constraint "media_files_s3_key_unique" unique ("s3_key")`);
    this.addSql(
      `alter table "media_files" add constraint "media_files_duration_not_negative" check (duration_seconds >= 0)`,
    );
    this.addSql(
      `alter table "media_files" add constraint "media_files_size_not_negative" check (size_bytes >= 0)`,
    );
    this.addSql(
      `alter table "media_files" add constraint "media_files_hash" check (sha256 ~ '^[0-9a-f]{64}$')`,
    );
    this.addSql(
      `alter table "media_files" add constraint "media_files_not_from_itself" check (derived_from <> id)`,
    );
    this.addSql(
      `alter table "media_files" add constraint "media_files_ready_is_whole" check (status <> 'ready' or (size_bytes is not null and sha256 is not null))`,
    );
    this.addSql(`create table "media_jobs" (
      "id" uuid not null,
      "project_id" uuid not null,
      "input_media_id" uuid null,
      "output_media_id" uuid null,
      primary key ("id")
    )`);
    this.addSql(`create index "media_jobs_project_id_index" on "media_jobs" ("project_id")`);
    this.addSql(`create index "media_jobs_input_media_id_index" on "media_jobs" ("input_media_id")`);
    this.addSql(`create index "media_jobs_output_media_id_index" on "media_jobs" ("output_media_id")`);
    this.addSql(`create table "job_segments" (
      "id" uuid not null,
      "job_id" uuid not null,
      "stage" varchar(100) not null,
      "segment_index" int not null,
      "label" varchar(255) null,
      "start_ms" int null,
      "end_ms" int null,
      "status" "job_status" not null default 'pending',
      "input_hash" varchar(64) null,
      "result" jsonb null,
      "attempts" int not null default 0,
      "error_message" text null,
      "created_at" timestamptz(3) not null default now(),
      "finished_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(
      `alter table "job_segments" add constraint "job_segments_index_unique" unique ("job_id", "stage", "segment_index")`,
    );
    this.addSql(
      `alter table "job_segments" add constraint "job_segments_index_not_negative" check (segment_index >= 0)`,
    );
    this.addSql(
      `alter table "job_segments" add constraint "job_segments_attempts_not_negative" check (attempts >= 0)`,
    );
    this.addSql(
      `alter table "job_segments" add constraint "job_segments_times" check (start_ms >= 0 and end_ms >= start_ms)`,
    );
    this.addSql(
      `alter table "job_segments" add constraint "job_segments_finished" check ((status <> 'completed' and status <> 'failed' and status <> 'cancelled') or finished_at is not null)`,
    );
    this.addSql(`create table "transactions" (
      "id" uuid not null,
      "user_id" uuid null,
      "provider" varchar(50) not null,
      "provider_payment_id" varchar(255) null,
      "amount_cents" bigint not null,
      "currency" varchar(3) not null,
      "credits_bought" bigint not null,
      "status" "tx_status" not null default 'pending',
      "webhook_payload" jsonb null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "transactions_user_id_created_at_index" on "transactions" ("user_id", "created_at", "id")`,
    );
    this.addSql(
      `alter table "transactions" add constraint "transactions_provider_payment_id_unique" unique ("provider", "provider_payment_id")`,
    );
    this.addSql(
      `alter table "transactions" add constraint "transactions_amount_not_negative" check (amount_cents >= 0)`,
    );
    this.addSql(
      `alter table "transactions" add constraint "transactions_credits_positive" check (credits_bought > 0)`,
    );
    this.addSql(
      `alter table "transactions" add constraint "transactions_currency" check (currency ~ '^[A-Z]{3}$')`,
    );
    this.addSql(
      `alter table "transactions" add constraint "transactions_paid_at_provider" check ((status <> 'succeeded' and status <> 'refunded') or provider_payment_id is not null)`,
    );
    this.addSql(`create table "credits_history" (
      "id" uuid not null,
      "user_id" uuid not null,
      "delta" bigint not null,
      "reason" varchar(255) not null,
      "job_id" uuid null,
      "transaction_id" uuid null,
      "balance_after" bigint not null,
      "idempotency_key" varchar(255) not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "credits_history_job_id_index" on "credits_history" ("job_id")`);
    this.addSql(
      `create index "credits_history_transaction_id_index" on "credits_history" ("transaction_id")`,
    );
    this.addSql(
      `create index "credits_history_user_id_created_at_index" on "credits_history" ("user_id", "created_at", "id")`,
    );
    this.addSql(
      `alter table "credits_history" add constraint "credits_history_idempotency_key_unique" unique ("user_id", "idempotency_key")`,
    );
    this.addSql(
      `alter table "credits_history" add constraint "credits_history_delta_not_zero" check (delta <> 0)`,
    );
    this.addSql(
      `alter table "credits_history" add constraint "credits_history_balance_not_negative" check (balance_after >= 0)`,
    );
    this.addSql(`create table "credit_holds" (
      "id" uuid not null,
      "user_id" uuid not null,
      "job_id" uuid not null,
      "amount" bigint not null,
      "captured" bigint not null default '0',
      "status" "hold_status" not null default 'held',
      "expires_at" timestamptz(3) not null,
      "resolved_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "credit_holds_user_id_created_at_index" on "credit_holds" ("user_id", "created_at", "id")`,
    );
    this.addSql(
      `create index "credit_holds_expiry_index" on "credit_holds" ("expires_at") where "status" = 'held'`,
    );
    this.addSql(`alter table "credit_holds" add constraint "credit_holds_job_id_unique" unique ("job_id")`);
    this.addSql(
      `alter table "credit_holds" add constraint "credit_holds_amount_positive" check (amount > 0)`,
    );
    this.addSql(
      `alter table "credit_holds" add constraint "credit_holds_captured_within" check (captured >= 0 and captured <= amount)`,
    );
    this.addSql(
      `alter table "credit_holds" add constraint "credit_holds_captured_when" check (captured = 0 or status = 'captured')`,
    );
    this.addSql(
      `alter table "credit_holds" add constraint "credit_holds_resolved" check ((status = 'held') = (resolved_at is null))`,
    );
    this.addSql(`create table "webhook_inbox" (
      "id" uuid not null,
      "provider" varchar(50) not null,
      "webhook_id" varchar(255) not null,
      "event_type" varchar(100) not null,
      "payload" jsonb not null,
      "attempts" int not null default 0,
      "error_message" text null,
      "processed_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "webhook_inbox_waiting_index" on "webhook_inbox" ("created_at") where "processed_at" is null`,
    );
    this.addSql(
      `alter table "webhook_inbox" add constraint "webhook_inbox_message_unique" unique ("provider", "webhook_id")`,
    );
    this.addSql(
      `alter table "webhook_inbox" add constraint "webhook_inbox_attempts_not_negative" check (attempts >= 0)`,
    );
    this.addSql(
      `alter table "media_files" add constraint "media_files_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "media_files" add constraint "media_files_user_id_foreign" foreign key ("user_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "media_files" add constraint "media_files_derived_from_foreign" foreign key ("derived_from") references "media_files" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "media_jobs" add constraint "media_jobs_id_foreign" foreign key ("id") references "jobs" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "media_jobs" add constraint "media_jobs_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "media_jobs" add constraint "media_jobs_input_media_id_foreign" foreign key ("input_media_id") references "media_files" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "media_jobs" add constraint "media_jobs_output_media_id_foreign" foreign key ("output_media_id") references "media_files" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "job_segments" add constraint "job_segments_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "transactions" add constraint "transactions_user_id_foreign" foreign key ("user_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "credits_history" add constraint "credits_history_user_id_foreign" foreign key ("user_id") references "actors" ("id") on delete restrict`,
    );
    this.addSql(
      `alter table "credits_history" add constraint "credits_history_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete restrict`,
    );
    this.addSql(
      `alter table "credits_history" add constraint "credits_history_transaction_id_foreign" foreign key ("transaction_id") references "transactions" ("id") on delete restrict`,
    );
    this.addSql(
      `alter table "credit_holds" add constraint "credit_holds_user_id_foreign" foreign key ("user_id") references "actors" ("id") on delete restrict`,
    );
    this.addSql(
      `alter table "credit_holds" add constraint "credit_holds_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on delete restrict`,
    );
    // The sum of the deltas is what somebody has: what was written is never changed.
    this.addSql(
      `create trigger "credits_history_append_only" before update or delete on "credits_history" execute function refuse_change()`,
    );
    this.addSql(
      `create trigger "credits_history_no_truncate" before truncate on "credits_history" execute function refuse_change()`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "webhook_inbox"`);
    this.addSql(`drop table "credit_holds"`);
    this.addSql(`drop table "credits_history"`);
    this.addSql(`drop table "transactions"`);
    this.addSql(`drop table "job_segments"`);
    this.addSql(`drop table "media_jobs"`);
    this.addSql(`drop table "media_files"`);
    this.addSql(`drop type "hold_status"`);
    this.addSql(`drop type "tx_status"`);
    this.addSql(`drop type "media_status"`);
    this.addSql(`drop type "media_type"`);
  }
}
