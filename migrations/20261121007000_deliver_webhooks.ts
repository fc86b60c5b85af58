import { Migration } from '@mikro-orm/migrations';

/**
 * What sending needs beside the records of webhooks. No release has written deliveries yet: their table is empty,
 * so its columns and indexes may change in one transaction.
 */
export class Migration20261121007000 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "webhook_fault" as enum ('gone', 'failing')`);
    this.addSql(`alter table "webhooks"
      add column "previous_sealed_secret" text null,
      add column "previous_secret_until" timestamptz(3) null,
      add column "responsible_id" uuid null,
      add column "active_since" timestamptz(3) not null default now(),
      add column "disabled_reason" "webhook_fault" null,
      add column "failing_since" timestamptz(3) null,
      add column "held_until" timestamptz(3) null`);
    this.addSql(`-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
      alter table "webhooks" add constraint "webhooks_responsible_id_foreign" foreign key ("responsible_id") references "actors" ("id") on delete set null`);
    this.addSql(`-- squawk-ignore require-concurrent-index-creation
      create index "webhooks_responsible_id_index" on "webhooks" ("responsible_id")`);
    this.addSql(`-- squawk-ignore constraint-missing-not-valid
      alter table "webhooks" add constraint "webhooks_previous_secret" check ((previous_sealed_secret is null) = (previous_secret_until is null))`);
    this.addSql(`-- squawk-ignore constraint-missing-not-valid
      alter table "webhooks" add constraint "webhooks_disabled" check (disabled_reason is null or not active)`);

    this.addSql(`-- squawk-ignore ban-drop-column
      alter table "webhook_deliveries" drop column "payload", drop column "response_body"`);
    this.addSql(`-- squawk-ignore adding-required-field
      alter table "webhook_deliveries" add column "body" text not null`);
    this.addSql(`alter table "webhook_deliveries"
      add column "failure" varchar(50) null,
      add column "attempts_before" int not null default 0,
      add column "leased_until" timestamptz(3) null`);
    this.addSql(`alter table "webhook_deliveries" drop constraint "webhook_deliveries_attempts"`);
    this.addSql(`-- squawk-ignore constraint-missing-not-valid
      alter table "webhook_deliveries" add constraint "webhook_deliveries_attempts" check (attempts >= attempts_before)`);
    this.addSql(`-- squawk-ignore constraint-missing-not-valid
      alter table "webhook_deliveries" add constraint "webhook_deliveries_failed" check ((status = 'failed') = (failure is not null))`);
    this.addSql(`-- squawk-ignore require-concurrent-index-deletion
      drop index "webhook_deliveries_due_index"`);
    this.addSql(`-- squawk-ignore require-concurrent-index-creation
      create index "webhook_deliveries_due_index" on "webhook_deliveries" ("webhook_id", "next_attempt_at", "event_seq") where "status" = 'pending'`);
    this.addSql(`-- squawk-ignore require-concurrent-index-creation
      create index "webhook_deliveries_leased_index" on "webhook_deliveries" ("webhook_id") where "leased_until" is not null`);

    this.addSql(`create table "webhook_attempts" (
      "id" uuid not null,
      "delivery_id" uuid not null,
      "number" int not null,
      "duration_ms" int null,
      "http_status" int null,
      "error_message" text null,
      "response_body" text null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `alter table "webhook_attempts" add constraint "webhook_attempts_number_unique" unique ("delivery_id", "number")`,
    );
    this.addSql(
      `alter table "webhook_attempts" add constraint "webhook_attempts_delivery_id_foreign" foreign key ("delivery_id") references "webhook_deliveries" ("id") on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "webhook_attempts"`);
    this.addSql(`drop index "webhook_deliveries_leased_index"`);
    this.addSql(`drop index "webhook_deliveries_due_index"`);
    this.addSql(
      `create index "webhook_deliveries_due_index" on "webhook_deliveries" ("next_attempt_at") where "status" = 'pending'`,
    );
    this.addSql(`alter table "webhook_deliveries" drop constraint "webhook_deliveries_failed"`);
    this.addSql(`alter table "webhook_deliveries" drop constraint "webhook_deliveries_attempts"`);
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_attempts" check (attempts >= 0)`,
    );
    this.addSql(`alter table "webhook_deliveries"
      drop column "leased_until", drop column "attempts_before", drop column "failure", drop column "body",
      add column "response_body" text null, add column "payload" jsonb not null default '{}'`);
    this.addSql(`alter table "webhook_deliveries" alter column "payload" drop default`);
    this.addSql(`alter table "webhooks" drop constraint "webhooks_disabled"`);
    this.addSql(`alter table "webhooks" drop constraint "webhooks_previous_secret"`);
    this.addSql(`alter table "webhooks"
      drop column "held_until", drop column "failing_since", drop column "disabled_reason",
      drop column "active_since", drop column "responsible_id", drop column "previous_secret_until",
      drop column "previous_sealed_secret"`);
    this.addSql(`drop type "webhook_fault"`);
  }
}
