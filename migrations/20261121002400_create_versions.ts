import { Migration } from '@mikro-orm/migrations';

export class Migration20261121002400 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "change_type" as enum ('create', 'update', 'delete')`);
    this.addSql(`create table "branches" (
      "id" uuid not null,
      "project_id" uuid not null,
      "name" varchar(255) not null,
      "description" text not null default '',
      "base_branch" varchar(255) null,
      "created_by" uuid null,
      "metadata" jsonb not null default '{}',
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "branches_created_by_index" on "branches" ("created_by")`);
    this.addSql(
      `create index "branches_project_id_created_at_index" on "branches" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "branches_name_unique" on "branches" ("project_id", "name") where "deleted_at" is null`,
    );
    this.addSql(`create table "commits" (
      "id" uuid not null,
      "branch_id" uuid not null,
      "author_id" uuid null,
      "message" text not null,
      "parent_id" uuid null,
      "second_parent_id" uuid null,
      "tree_hash" varchar(64) not null,
      "metadata" jsonb not null default '{}',
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "commits_author_id_index" on "commits" ("author_id")`);
    this.addSql(`create index "commits_parent_id_index" on "commits" ("parent_id")`);
    this.addSql(`create index "commits_second_parent_id_index" on "commits" ("second_parent_id")`);
    this.addSql(
      `create index "commits_branch_id_created_at_index" on "commits" ("branch_id", "created_at", "id")`,
    );
    this.addSql(
      `alter table "commits" add constraint "commits_not_own_parent" check (parent_id <> id and second_parent_id <> id)`,
    );
    this.addSql(
      `alter table "commits" add constraint "commits_two_parents" check (second_parent_id <> parent_id)`,
    );
    this.addSql(`create table "changes" (
      "id" uuid not null,
      "commit_id" uuid not null,
      "entity_type" "pattern_kind" not null,
      "entity_id" uuid not null,
      "change_type" "change_type" not null,
      "old_value" jsonb null,
      "new_value" jsonb null,
      "metadata" jsonb not null default '{}',
      primary key ("id")
    )`);
    this.addSql(`create index "changes_entity_index" on "changes" ("entity_type", "entity_id")`);
    this.addSql(
      `alter table "changes" add constraint "changes_entity_unique" unique ("commit_id", "entity_type", "entity_id")`,
    );
    this.addSql(
      `alter table "changes" add constraint "changes_values" check ((old_value is null) = (change_type = 'create') and (new_value is null) = (change_type = 'delete'))`,
    );
    this.addSql(`create table "releases" (
      "id" uuid not null,
      "project_id" uuid not null,
      "branch_id" uuid not null,
      "commit_id" uuid not null,
      "tag" varchar(255) not null,
      "name" varchar(255) not null,
      "description" text not null default '',
      "created_by" uuid null,
      "metadata" jsonb not null default '{}',
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "releases_branch_id_index" on "releases" ("branch_id")`);
    this.addSql(`create index "releases_commit_id_index" on "releases" ("commit_id")`);
    this.addSql(`create index "releases_created_by_index" on "releases" ("created_by")`);
    this.addSql(
      `create index "releases_project_id_created_at_index" on "releases" ("project_id", "created_at", "id")`,
    );
    this.addSql(`alter table "releases" add constraint "releases_tag_unique" unique ("project_id", "tag")`);
    this.addSql(
      `alter table "branches" add constraint "branches_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "branches" add constraint "branches_created_by_foreign" foreign key ("created_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "commits" add constraint "commits_branch_id_foreign" foreign key ("branch_id") references "branches" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "commits" add constraint "commits_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "commits" add constraint "commits_parent_id_foreign" foreign key ("parent_id") references "commits" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "commits" add constraint "commits_second_parent_id_foreign" foreign key ("second_parent_id") references "commits" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "changes" add constraint "changes_commit_id_foreign" foreign key ("commit_id") references "commits" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "releases" add constraint "releases_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "releases" add constraint "releases_branch_id_foreign" foreign key ("branch_id") references "branches" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "releases" add constraint "releases_commit_id_foreign" foreign key ("commit_id") references "commits" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "releases" add constraint "releases_created_by_foreign" foreign key ("created_by") references "actors" ("id") on delete set null`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "releases"`);
    this.addSql(`drop table "changes"`);
    this.addSql(`drop table "commits"`);
    this.addSql(`drop table "branches"`);
    this.addSql(`drop type "change_type"`);
  }
}
