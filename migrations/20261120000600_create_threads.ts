import { Migration } from '@mikro-orm/migrations';

export class Migration20261120000600 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "thread_status" as enum ('open', 'resolved')`);
    this.addSql(`create type "thread_placement" as enum ('current', 'outdated', 'gone')`);
    this.addSql(`create type "author_type" as enum ('USER', 'AI')`);
    this.addSql(`create type "thread_subscription_state" as enum ('subscribed', 'muted')`);
    this.addSql(`create table "comment_threads" (
      "id" uuid not null,
      "project_id" uuid not null,
      "author_id" uuid null,
      "title" varchar(255) null,
      "status" "thread_status" not null default 'open',
      "resolved_by" uuid null,
      "resolved_at" timestamptz(3) null,
      "file_path" text null,
      "line_start" int null,
      "line_end" int null,
      "anchor" jsonb null,
      "placement" "thread_placement" not null default 'current',
      "placed_version" int null,
      "subject_type" varchar(50) null,
      "subject_id" uuid null,
      "start_ms" int null,
      "end_ms" int null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "comment_threads_author_id_index" on "comment_threads" ("author_id")`);
    this.addSql(`create index "comment_threads_resolved_by_index" on "comment_threads" ("resolved_by")`);
    this.addSql(
      `create index "comment_threads_project_id_created_at_index" on "comment_threads" ("project_id", "created_at", "id")`,
    );
    this.addSql(`create index "comment_threads_file_index" on "comment_threads" ("project_id", "file_path")`);
    this.addSql(
      `create index "comment_threads_subject_index" on "comment_threads" ("subject_type", "subject_id")`,
    );
    this.addSql(
      `alter table "comment_threads" add constraint "comment_threads_one_anchor" check ((file_path is not null and line_start is not null and line_end is not null and anchor is not null and subject_type is null and subject_id is null and start_ms is null and end_ms is null) or (file_path is null and line_start is null and line_end is null and anchor is null and subject_type is not null and subject_id is not null))`,
    );
    this.addSql(
      `alter table "comment_threads" add constraint "comment_threads_lines" check (line_start >= 1 and line_end >= line_start)`,
    );
    this.addSql(
      `alter table "comment_threads" add constraint "comment_threads_range" check (start_ms >= 0 and end_ms >= start_ms)`,
    );
    this.addSql(`create table "comments" (
      "id" uuid not null,
      "thread_id" uuid not null,
      "author_id" uuid null,
      "author_type" "author_type" not null default 'USER',
      "body" text not null,
      "edited_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "comments_author_id_index" on "comments" ("author_id")`);
    this.addSql(
      `create index "comments_thread_id_created_at_index" on "comments" ("thread_id", "created_at", "id")`,
    );
    this.addSql(
      `alter table "comments" add constraint "comments_body_size" check (octet_length(body) >= 1 and octet_length(body) <= 65536)`,
    );
    this.addSql(`create table "comment_reactions" (
      "comment_id" uuid not null,
      "actor_id" uuid not null,
      "emoji" varchar(32) not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("comment_id", "actor_id", "emoji")
    )`);
    this.addSql(`create index "comment_reactions_actor_id_index" on "comment_reactions" ("actor_id")`);
    this.addSql(`create table "comment_mentions" (
      "comment_id" uuid not null,
      "actor_id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("comment_id", "actor_id")
    )`);
    this.addSql(`create index "comment_mentions_actor_id_index" on "comment_mentions" ("actor_id")`);
    this.addSql(`create table "thread_subscriptions" (
      "thread_id" uuid not null,
      "actor_id" uuid not null,
      "state" "thread_subscription_state" not null,
      "updated_at" timestamptz(3) not null default now(),
      primary key ("thread_id", "actor_id")
    )`);
    this.addSql(`create index "thread_subscriptions_actor_id_index" on "thread_subscriptions" ("actor_id")`);
    this.addSql(`create table "thread_reads" (
      "thread_id" uuid not null,
      "actor_id" uuid not null,
      "read_up_to" timestamptz(3) not null,
      primary key ("thread_id", "actor_id")
    )`);
    this.addSql(`create index "thread_reads_actor_id_index" on "thread_reads" ("actor_id")`);
    this.addSql(
      `alter table "comment_threads" add constraint "comment_threads_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "comment_threads" add constraint "comment_threads_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "comment_threads" add constraint "comment_threads_resolved_by_foreign" foreign key ("resolved_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "comments" add constraint "comments_thread_id_foreign" foreign key ("thread_id") references "comment_threads" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "comments" add constraint "comments_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "comment_reactions" add constraint "comment_reactions_comment_id_foreign" foreign key ("comment_id") references "comments" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "comment_reactions" add constraint "comment_reactions_actor_id_foreign" foreign key ("actor_id") references "actors" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "comment_mentions" add constraint "comment_mentions_comment_id_foreign" foreign key ("comment_id") references "comments" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "comment_mentions" add constraint "comment_mentions_actor_id_foreign" foreign key ("actor_id") references "actors" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "thread_subscriptions" add constraint "thread_subscriptions_thread_id_foreign" foreign key ("thread_id") references "comment_threads" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "thread_subscriptions" add constraint "thread_subscriptions_actor_id_foreign" foreign key ("actor_id") references "actors" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "thread_reads" add constraint "thread_reads_thread_id_foreign" foreign key ("thread_id") references "comment_threads" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "thread_reads" add constraint "thread_reads_actor_id_foreign" foreign key ("actor_id") references "actors" ("id") on update cascade on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "thread_reads"`);
    this.addSql(`drop table "thread_subscriptions"`);
    this.addSql(`drop table "comment_mentions"`);
    this.addSql(`drop table "comment_reactions"`);
    this.addSql(`drop table "comments"`);
    this.addSql(`drop table "comment_threads"`);
    this.addSql(`drop type "thread_subscription_state"`);
    this.addSql(`drop type "author_type"`);
    this.addSql(`drop type "thread_placement"`);
    this.addSql(`drop type "thread_status"`);
  }
}
