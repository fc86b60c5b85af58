import { Migration } from '@mikro-orm/migrations';

/**
 * Where people are. Unlogged: nobody needs to know it after a crash of the database, and whoever moves costs no
 * write-ahead log. A row says that a node holds it, and the node alone says that it lives: one row every few
 * seconds, however many people are there.
 */
export class Migration20261121006400 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create unlogged table "presence_nodes" (
      "id" uuid primary key,
      "seen_at" timestamptz not null default now()
    )`);
    this.addSql(`create unlogged table "presences" (
      "project_id" uuid not null,
      "actor_id" uuid not null,
      "place_id" varchar(64) not null,
      "node_id" uuid null,
      "file_path" text null,
      "thread_id" uuid null,
      "state" varchar(6) not null check ("state" in ('active', 'idle')),
      "changed_at" timestamptz not null default now(),
      "expires_at" timestamptz null,
      primary key ("project_id", "actor_id", "place_id")
    )`);
    this.addSql(`create index "presences_actor_id_index" on "presences" ("actor_id")`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "presences"`);
    this.addSql(`drop table "presence_nodes"`);
  }
}
