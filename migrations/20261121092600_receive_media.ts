import { Migration } from '@mikro-orm/migrations';

/** What uploads need: a name, the time until which they may come, what went wrong, and whether their bytes are still kept. */
export class Migration20261121092600 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`alter type "media_status" add value 'probing' after 'uploading'`);
    this.addSql(`alter table "media_files"
      add column "name" varchar(255) not null default '',
      add column "error_code" varchar(100) null,
      add column "error_message" text null,
      add column "upload_expires_at" timestamptz(3) null,
      add column "bytes_removed_at" timestamptz(3) null`);
    this.addSql(
      `create index "media_files_upload_expires_at_index" on "media_files" ("upload_expires_at") where upload_expires_at is not null`,
    );
    this.addSql(
      `create index "media_files_deleted_at_index" on "media_files" ("deleted_at") where deleted_at is not null`,
    );
    this.addSql(`create unlogged table "upload_leases" (
      "media_id" uuid primary key,
      "holder" uuid not null,
      "is_wanted" boolean not null default false,
      "expires_at" timestamptz not null
    )`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "upload_leases"`);
    this.addSql(`drop index "media_files_deleted_at_index"`);
    this.addSql(`alter table "media_files"
      drop column "name", drop column "error_code", drop column "error_message", drop column "upload_expires_at",
      drop column "bytes_removed_at"`);
    this.addSql(`alter table "media_files" drop constraint "media_files_ready_is_whole"`);
    this.addSql(`alter table "media_files" alter column "status" drop default`);
    this.addSql(`alter type "media_status" rename to "media_status_before"`);
    this.addSql(`create type "media_status" as enum ('uploading', 'ready', 'failed')`);
    this.addSql(`alter table "media_files" alter column "status" type "media_status"
      using (case status::text when 'probing' then 'failed' else status::text end)::"media_status"`);
    this.addSql(`alter table "media_files" alter column "status" set default 'uploading'`);
    this.addSql(`drop type "media_status_before"`);
    this.addSql(
      `alter table "media_files" add constraint "media_files_ready_is_whole" check (status <> 'ready' or (size_bytes is not null and sha256 is not null))`,
    );
  }
}
