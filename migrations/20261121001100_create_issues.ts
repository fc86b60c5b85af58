import { Migration } from '@mikro-orm/migrations';

export class Migration20261121001100 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "issue_state" as enum ('open', 'closed')`);
    this.addSql(`create table "issue_counters" (
      "project_id" uuid not null,
      "last_number" int not null,
      primary key ("project_id")
    )`);
    this.addSql(`create table "issues" (
      "id" uuid not null,
      "project_id" uuid not null,
      "number" int not null,
      "title" varchar(255) not null,
      "body" text not null default '',
      "state" "issue_state" not null default 'open',
      "author_id" uuid null,
      "assignee_id" uuid null,
      "labels" jsonb not null default '[]',
      "metadata" jsonb not null default '{}',
      "closed_by" uuid null,
      "closed_at" timestamptz(3) null,
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "issues_author_id_index" on "issues" ("author_id")`);
    this.addSql(`create index "issues_assignee_id_index" on "issues" ("assignee_id")`);
    this.addSql(`create index "issues_closed_by_index" on "issues" ("closed_by")`);
    this.addSql(
      `create index "issues_project_id_created_at_index" on "issues" ("project_id", "created_at", "id")`,
    );
    this.addSql(`create index "issues_labels_index" on "issues" using gin ("labels" jsonb_path_ops)`);
    this.addSql(
      `alter table "issues" add constraint "issues_project_id_number_unique" unique ("project_id", "number")`,
    );
    this.addSql(`alter table "issues" add constraint "issues_number_positive" check (number >= 1)`);
    this.addSql(`alter table "issues" add constraint "issues_body_size" check (octet_length(body) <= 65536)`);
    this.addSql(
      `alter table "issues" add constraint "issues_labels_list" check (jsonb_typeof(labels) = 'array')`,
    );
    this.addSql(
      `alter table "issues" add constraint "issues_closed_at_when_closed" check ((state = 'closed') = (closed_at is not null))`,
    );
    this.addSql(`create table "issue_references" (
      "id" uuid not null,
      "issue_id" uuid not null,
      "source_issue_id" uuid null,
      "source_comment_id" uuid null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "issue_references_issue_id_index" on "issue_references" ("issue_id")`);
    this.addSql(
      `alter table "issue_references" add constraint "issue_references_issue_unique" unique ("source_issue_id", "issue_id")`,
    );
    this.addSql(
      `alter table "issue_references" add constraint "issue_references_comment_unique" unique ("source_comment_id", "issue_id")`,
    );
    this.addSql(
      `alter table "issue_references" add constraint "issue_references_one_source" check (num_nonnulls(source_issue_id, source_comment_id) = 1)`,
    );
    this.addSql(
      `alter table "issue_references" add constraint "issue_references_not_itself" check (source_issue_id <> issue_id)`,
    );
    this.addSql(
      `alter table "issue_counters" add constraint "issue_counters_project_id_foreign" foreign key ("project_id") references "projects" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "issues" add constraint "issues_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "issues" add constraint "issues_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "issues" add constraint "issues_assignee_id_foreign" foreign key ("assignee_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "issues" add constraint "issues_closed_by_foreign" foreign key ("closed_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "issue_references" add constraint "issue_references_issue_id_foreign" foreign key ("issue_id") references "issues" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "issue_references" add constraint "issue_references_source_issue_id_foreign" foreign key ("source_issue_id") references "issues" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "issue_references" add constraint "issue_references_source_comment_id_foreign" foreign key ("source_comment_id") references "comments" ("id") on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "issue_references"`);
    this.addSql(`drop table "issues"`);
    this.addSql(`drop table "issue_counters"`);
    this.addSql(`drop type "issue_state"`);
  }
}
