import { Migration } from '@mikro-orm/migrations';

/**
 * What credits and payments need beside their tables, which no release has written to yet: indexes are made in
 * the transaction, and constraints checked in it.
 */
export class Migration20261121006000 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(
      `create type "credit_kind" as enum ('grant', 'correction', 'purchase', 'charge', 'refund', 'repayment')`,
    );
    this.addSql(
      `alter table "credits_history" add column "kind" "credit_kind" not null default 'grant', add column "author_id" uuid null`,
    );
    this.addSql(`-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
      alter table "credits_history" add constraint "credits_history_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete restrict`);
    this.addSql(`-- squawk-ignore require-concurrent-index-creation
      create index "credits_history_author_id_index" on "credits_history" ("author_id")`);

    this.addSql(`alter table "credit_holds" add column "idempotency_key" varchar(255) null`);
    this.addSql(`alter table "credit_holds" drop constraint "credit_holds_job_id_unique"`);
    this.addSql(`-- squawk-ignore require-concurrent-index-creation
      create unique index "credit_holds_job_id_unique" on "credit_holds" ("job_id") where "status" = 'held'`);
    this.addSql(`-- squawk-ignore require-concurrent-index-creation
      create index "credit_holds_job_id_index" on "credit_holds" ("job_id")`);
    this.addSql(`-- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
      alter table "credit_holds" add constraint "credit_holds_idempotency_key_unique" unique ("user_id", "idempotency_key")`);
    this.addSql(`alter table "credit_holds" drop constraint "credit_holds_captured_when"`);
    this.addSql(`-- squawk-ignore constraint-missing-not-valid
      alter table "credit_holds" add constraint "credit_holds_captured_when" check (captured = 0 or status <> 'released')`);

    this.addSql(`alter table "transactions"
      add column "package_id" varchar(100) null,
      add column "refunded_cents" bigint not null default '0',
      add column "credits_reclaimed" bigint not null default '0',
      add column "checkout_url" text null,
      add column "checkout_expires_at" timestamptz(3) null`);
    this.addSql(`-- squawk-ignore constraint-missing-not-valid
      alter table "transactions" add constraint "transactions_reclaimed_within" check (refunded_cents >= 0 and credits_reclaimed >= 0 and credits_reclaimed <= credits_bought)`);
    this.addSql(`-- squawk-ignore require-concurrent-index-creation
      create index "transactions_created_at_index" on "transactions" ("created_at", "id")`);

    this.addSql(`create table "payment_refunds" (
      "id" uuid not null,
      "provider" varchar(50) not null,
      "provider_refund_id" varchar(255) not null,
      "provider_payment_id" varchar(255) not null,
      "amount_cents" bigint not null,
      "is_succeeded" boolean not null default false,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "payment_refunds_payment_index" on "payment_refunds" ("provider", "provider_payment_id")`,
    );
    this.addSql(
      `alter table "payment_refunds" add constraint "payment_refunds_refund_unique" unique ("provider", "provider_refund_id")`,
    );
    this.addSql(
      `alter table "payment_refunds" add constraint "payment_refunds_amount_not_negative" check (amount_cents >= 0)`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "payment_refunds"`);
    this.addSql(`drop index "transactions_created_at_index"`);
    this.addSql(`alter table "transactions" drop constraint "transactions_reclaimed_within"`);
    this.addSql(`alter table "transactions" drop column "package_id", drop column "refunded_cents",
      drop column "credits_reclaimed", drop column "checkout_url", drop column "checkout_expires_at"`);
    this.addSql(`alter table "credit_holds" drop constraint "credit_holds_captured_when"`);
    this.addSql(
      `alter table "credit_holds" add constraint "credit_holds_captured_when" check (captured = 0 or status = 'captured')`,
    );
    this.addSql(`alter table "credit_holds" drop constraint "credit_holds_idempotency_key_unique"`);
    this.addSql(`drop index "credit_holds_job_id_index"`);
    this.addSql(`drop index "credit_holds_job_id_unique"`);
    this.addSql(`alter table "credit_holds" add constraint "credit_holds_job_id_unique" unique ("job_id")`);
    this.addSql(`alter table "credit_holds" drop column "idempotency_key"`);
    this.addSql(`drop index "credits_history_author_id_index"`);
    this.addSql(`alter table "credits_history" drop column "author_id", drop column "kind"`);
    this.addSql(`drop type "credit_kind"`);
  }
}
