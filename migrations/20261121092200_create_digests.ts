import { Migration } from '@mikro-orm/migrations';

/** What is mailed of notifications. What waits is a table of its own, so that nobody looks through all that was ever told. */
export class Migration20261121092200 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "digest_frequency" as enum ('immediately', 'hourly', 'daily', 'never')`);
    this.addSql(`create type "digest_status" as enum ('sending', 'sent', 'empty', 'failed', 'unknown')`);
    this.addSql(`create table "digest_settings" (
      "actor_id" uuid not null,
      "frequency" "digest_frequency" not null default 'daily',
      "hour" int not null default 8,
      "time_zone" varchar(64) not null default 'UTC',
      "updated_at" timestamptz(3) not null default now(),
      primary key ("actor_id"),
      constraint "digest_settings_hour" check (hour >= 0 and hour <= 23)
    )`);
    this.addSql(`create table "mail_digests" (
      "id" uuid not null,
      "actor_id" uuid not null,
      "status" "digest_status" not null default 'sending',
      "attempt" int not null,
      "notification_count" int not null default 0,
      "error_message" text null,
      "leased_until" timestamptz(3) not null,
      "retry_at" timestamptz(3) null,
      "sent_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id"),
      constraint "mail_digests_attempt_positive" check (attempt > 0),
      constraint "mail_digests_sent" check ((status = 'sent') = (sent_at is not null)),
      constraint "mail_digests_failed" check ((status = 'failed') = (retry_at is not null))
    )`);
    this.addSql(
      `create index "mail_digests_actor_id_created_at_index" on "mail_digests" ("actor_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "mail_digests_sending_unique" on "mail_digests" ("actor_id") where "status" = 'sending'`,
    );
    this.addSql(`create index "mail_digests_created_at_index" on "mail_digests" ("created_at")`);
    this.addSql(`create table "notification_mails" (
      "notification_id" uuid not null,
      "user_id" uuid not null,
      "digest_id" uuid null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("notification_id")
    )`);
    this.addSql(
      `create index "notification_mails_user_id_created_at_index" on "notification_mails" ("user_id", "created_at")`,
    );
    this.addSql(`create index "notification_mails_digest_id_index" on "notification_mails" ("digest_id")`);
    this.addSql(`create index "notification_mails_created_at_index" on "notification_mails" ("created_at")`);
    this.addSql(
      `alter table "digest_settings" add constraint "digest_settings_actor_id_foreign" foreign key ("actor_id") references "actors" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "mail_digests" add constraint "mail_digests_actor_id_foreign" foreign key ("actor_id") references "actors" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "notification_mails" add constraint "notification_mails_notification_id_foreign" foreign key ("notification_id") references "notifications" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "notification_mails" add constraint "notification_mails_user_id_foreign" foreign key ("user_id") references "actors" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "notification_mails" add constraint "notification_mails_digest_id_foreign" foreign key ("digest_id") references "mail_digests" ("id") on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "notification_mails"`);
    this.addSql(`drop table "mail_digests"`);
    this.addSql(`drop table "digest_settings"`);
    this.addSql(`drop type "digest_status"`);
    this.addSql(`drop type "digest_frequency"`);
  }
}
