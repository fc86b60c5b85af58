import { Migration } from '@mikro-orm/migrations';

export class Migration20261121003000 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "target_status" as enum ('ACTIVE', 'PAUSED')`);
    this.addSql(
      `create type "translation_status" as enum ('PENDING', 'IN_PROGRESS', 'DONE', 'OUTDATED', 'ERROR')`,
    );
    this.addSql(`create type "translation_origin" as enum ('machine', 'human')`);
    this.addSql(`create table "project_targets" (
      "id" uuid not null,
      "project_id" uuid not null,
      "language_code" varchar(35) not null,
      "publish_domain" varchar(255) null,
      "branch_name" varchar(255) not null,
      "status" "target_status" not null default 'ACTIVE',
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "project_targets_created_at_index" on "project_targets" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `alter table "project_targets" add constraint "project_targets_language_unique" unique ("project_id", "language_code")`,
    );
    this.addSql(`create table "file_translations" (
      "id" uuid not null,
      "project_id" uuid not null,
      "source_file_id" uuid not null,
      "project_target_id" uuid not null,
      "status" "translation_status" not null default 'PENDING',
      "last_translated_hash" varchar(64) null,
      "error_message" text null,
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "file_translations_created_at_index" on "file_translations" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `create index "file_translations_progress_index" on "file_translations" ("project_target_id", "status") include ("source_file_id")`,
    );
    this.addSql(
      `alter table "file_translations" add constraint "file_translations_pair_unique" unique ("source_file_id", "project_target_id")`,
    );
    this.addSql(
      `alter table "file_translations" add constraint "file_translations_hash" check (last_translated_hash ~ '^[0-9a-f]{64}$')`,
    );
    this.addSql(
      `alter table "file_translations" add constraint "file_translations_translated_from" check ((status <> 'DONE' and status <> 'OUTDATED') or last_translated_hash is not null)`,
    );
    this.addSql(
      `alter table "file_translations" add constraint "file_translations_error_message" check ((status = 'ERROR') = (error_message is not null))`,
    );
    this.addSql(`create table "translation_segments" (
      "id" uuid not null,
      "project_id" uuid not null,
      "source_hash" varchar(64) not null,
      "source_text" text not null,
      "target_language" varchar(35) not null,
      "target_text" text not null,
      "origin" "translation_origin" not null,
      "reviewed_by" uuid null,
      "reviewed_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "translation_segments_reviewed_by_index" on "translation_segments" ("reviewed_by")`,
    );
    this.addSql(
      `alter table "translation_segments" add constraint "translation_segments_source_unique" unique ("project_id", "target_language", "source_hash")`,
    );
    this.addSql(
      `alter table "translation_segments" add constraint "translation_segments_hash" check (source_hash ~ '^[0-9a-f]{64}$')`,
    );
    this.addSql(
      `alter table "translation_segments" add constraint "translation_segments_review" check (reviewed_by is null or reviewed_at is not null)`,
    );
    this.addSql(`create table "translation_jobs" (
      "id" uuid not null,
      "project_id" uuid not null,
      "project_target_id" uuid null,
      "files_total" int not null default 0,
      "files_done" int not null default 0,
      "files_failed" int not null default 0,
      primary key ("id")
    )`);
    this.addSql(`create index "translation_jobs_project_id_index" on "translation_jobs" ("project_id")`);
    this.addSql(
      `create index "translation_jobs_project_target_id_index" on "translation_jobs" ("project_target_id")`,
    );
    this.addSql(
      `alter table "translation_jobs" add constraint "translation_jobs_counts" check (files_done >= 0 and files_failed >= 0 and files_done + files_failed <= files_total)`,
    );
    this.addSql(
      `alter table "project_targets" add constraint "project_targets_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "file_translations" add constraint "file_translations_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "file_translations" add constraint "file_translations_source_file_id_foreign" foreign key ("source_file_id") references "source_files" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "file_translations" add constraint "file_translations_project_target_id_foreign" foreign key ("project_target_id") references "project_targets" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "translation_segments" add constraint "translation_segments_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "translation_segments" add constraint "translation_segments_reviewed_by_foreign" foreign key ("reviewed_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "translation_jobs" add constraint "translation_jobs_id_foreign" foreign key ("id") references "jobs" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "translation_jobs" add constraint "translation_jobs_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "translation_jobs" add constraint "translation_jobs_project_target_id_foreign" foreign key ("project_target_id") references "project_targets" ("id") on delete set null`,
    );
    // DONE and OUTDATED are told apart here and nowhere else can be: by whether the source still is what was
    // translated. The source's row is locked, so no sync changes it before this commits; of a sync that holds
    // it, this waits for the end and then sees what it left.
    this.addSql(`create function keep_translation_status() returns trigger language plpgsql volatile as $$
    declare source source_files;
    begin
      select * into source from source_files where id = new.source_file_id for share;
      if new.status in ('DONE', 'OUTDATED') then
        new.status := case when new.last_translated_hash = source.content_hash then 'DONE' else 'OUTDATED' end;
      end if;
      return new;
    end $$`);
    this.addSql(
      `create trigger "file_translations_status" before insert or update of "status", "last_translated_hash" on "file_translations" for each row when (pg_trigger_depth() = 0 and new.status in ('DONE', 'OUTDATED')) execute function keep_translation_status()`,
    );
    // Once a statement: a sync of ten thousand files is one. Projects without translations pay only for looking.
    this.addSql(`create function follow_changed_sources() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from file_translations t
        where t.project_id in (select distinct project_id from new_files)
      ) then return null; end if;
      update file_translations t
      set status = (case when t.status = 'DONE' then 'OUTDATED' else 'DONE' end)::translation_status,
        row_version = t.row_version + 1, updated_at = clock_timestamp()
      from new_files n
      where t.source_file_id = n.id and t.status in ('DONE', 'OUTDATED')
        and (t.status = 'DONE') is distinct from (t.last_translated_hash = n.content_hash);
      return null;
    end $$`);
    this.addSql(
      `create trigger "source_files_changed" after update on "source_files" referencing new table as new_files for each statement execute function follow_changed_sources()`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop trigger "source_files_changed" on "source_files"`);
    this.addSql(`drop function follow_changed_sources()`);
    this.addSql(`drop table "translation_jobs"`);
    this.addSql(`drop table "translation_segments"`);
    this.addSql(`drop table "file_translations"`);
    this.addSql(`drop table "project_targets"`);
    this.addSql(`drop function keep_translation_status()`);
    this.addSql(`drop type "translation_origin"`);
    this.addSql(`drop type "translation_status"`);
    this.addSql(`drop type "target_status"`);
  }
}
