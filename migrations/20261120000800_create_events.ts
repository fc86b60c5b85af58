import { Migration } from '@mikro-orm/migrations';

export class Migration20261120000800 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create table "streams" (
      "stream" text primary key,
      "epoch" bigint not null default 1,
      "seq" bigint not null default 0
    )`);
    this.addSql(`create table "events" (
      "stream" text not null,
      "seq" bigint not null,
      "type" text not null,
      "subject" text not null,
      "payload" jsonb not null,
      "actor_id" uuid null,
      "mutation_id" text null,
      "created_at" timestamptz(3) not null,
      primary key ("stream", "seq", "created_at")
    ) partition by range ("created_at")`);
    // Days are added ahead by a recurring job; what it missed lands in the default partition.
    this.addSql(`create table "events_default" partition of "events" default`);
    this.addSql(`create table "follower_cursors" (
      "follower" text not null,
      "stream" text not null,
      "seq" bigint not null default 0,
      "updated_at" timestamptz(3) not null default now(),
      primary key ("follower", "stream")
    )`);
    this.addSql(`create table "mutations" (
      "actor_id" uuid not null,
      "mutation_id" text not null,
      "procedure" text not null,
      "input_hash" bytea not null,
      "result" text null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("actor_id", "mutation_id")
    )`);
    this.addSql(`create index "mutations_created_at_index" on "mutations" ("created_at")`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "mutations"`);
    this.addSql(`drop table "follower_cursors"`);
    this.addSql(`drop table "events"`);
    this.addSql(`drop table "streams"`);
  }
}
