import { Migration } from '@mikro-orm/migrations';

export class Migration20261120000700 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create table "notifications" (
      "id" uuid not null,
      "user_id" uuid not null,
      "project_id" uuid null,
      "type" varchar(50) not null,
      "title" varchar(255) not null,
      "message" text not null,
      "subject" varchar(100) not null,
      "payload" jsonb not null,
      "event_stream" varchar(80) not null,
      "event_seq" bigint not null,
      "read_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "notifications_user_id_index" on "notifications" ("user_id")`);
    this.addSql(`create index "notifications_project_id_index" on "notifications" ("project_id")`);
    this.addSql(
      `create index "notifications_user_id_created_at_index" on "notifications" ("user_id", "created_at", "id")`,
    );
    this.addSql(
      `create index "notifications_unread_index" on "notifications" ("user_id") where "read_at" is null`,
    );
    this.addSql(
      `alter table "notifications" add constraint "notifications_event_unique" unique ("user_id", "event_stream", "event_seq")`,
    );
    this.addSql(`create table "notification_preferences" (
      "actor_id" uuid not null,
      "type" varchar(50) not null,
      "is_enabled" boolean not null,
      "updated_at" timestamptz(3) not null default now(),
      primary key ("actor_id", "type")
    )`);
    this.addSql(
      `alter table "notifications" add constraint "notifications_user_id_foreign" foreign key ("user_id") references "actors" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "notifications" add constraint "notifications_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "notification_preferences" add constraint "notification_preferences_actor_id_foreign" foreign key ("actor_id") references "actors" ("id") on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "notification_preferences"`);
    this.addSql(`drop table "notifications"`);
  }
}
