import { Migration } from '@mikro-orm/migrations';

export class Migration20261121002300 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "pattern_kind" as enum ('field', 'collection', 'model')`);
    this.addSql(`create table "pattern_imports" (
      "id" uuid not null,
      "project_id" uuid not null,
      "author_id" uuid null,
      "source" varchar(255) not null default '',
      "size_bytes" int not null default 0,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "pattern_imports_author_id_index" on "pattern_imports" ("author_id")`);
    this.addSql(
      `create index "pattern_imports_project_id_created_at_index" on "pattern_imports" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `alter table "pattern_imports" add constraint "pattern_imports_size" check (size_bytes >= 0)`,
    );
    this.addSql(`create table "pattern_import_chunks" (
      "import_id" uuid not null,
      "kind" "pattern_kind" not null,
      "chunk_index" int not null,
      "content" text not null,
      primary key ("import_id", "kind", "chunk_index")
    )`);
    this.addSql(
      `alter table "pattern_import_chunks" add constraint "pattern_import_chunks_index_not_negative" check (chunk_index >= 0)`,
    );
    this.addSql(`create table "pattern_import_runs" (
      "id" uuid not null,
      "import_id" uuid not null,
      "is_dry_run" boolean not null default false,
      "report" jsonb null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "pattern_import_runs_import_id_created_at_index" on "pattern_import_runs" ("import_id", "created_at", "id")`,
    );
    this.addSql(`create table "pattern_import_rejections" (
      "run_id" uuid not null,
      "kind" "pattern_kind" not null,
      "line" int not null,
      "reason" text not null,
      primary key ("run_id", "kind", "line")
    )`);
    this.addSql(
      `alter table "pattern_imports" add constraint "pattern_imports_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "pattern_imports" add constraint "pattern_imports_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "pattern_import_chunks" add constraint "pattern_import_chunks_import_id_foreign" foreign key ("import_id") references "pattern_imports" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "pattern_import_runs" add constraint "pattern_import_runs_id_foreign" foreign key ("id") references "jobs" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "pattern_import_runs" add constraint "pattern_import_runs_import_id_foreign" foreign key ("import_id") references "pattern_imports" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "pattern_import_rejections" add constraint "pattern_import_rejections_run_id_foreign" foreign key ("run_id") references "pattern_import_runs" ("id") on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "pattern_import_rejections"`);
    this.addSql(`drop table "pattern_import_runs"`);
    this.addSql(`drop table "pattern_import_chunks"`);
    this.addSql(`drop table "pattern_imports"`);
    this.addSql(`drop type "pattern_kind"`);
  }
}
