import { Migration } from '@mikro-orm/migrations';

export class Migration20261121001200 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "watch_level" as enum ('all', 'participating', 'none')`);
    this.addSql(`create table "stars" (
      "user_id" uuid not null,
      "project_id" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("user_id", "project_id")
    )`);
    this.addSql(`create index "stars_project_id_index" on "stars" ("project_id")`);
    this.addSql(
      `create index "stars_user_id_created_at_index" on "stars" ("user_id", "created_at", "project_id")`,
    );
    this.addSql(`create table "watches" (
      "user_id" uuid not null,
      "project_id" uuid not null,
      "level" "watch_level" not null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("user_id", "project_id")
    )`);
    this.addSql(
      `create index "watches_user_id_created_at_index" on "watches" ("user_id", "created_at", "project_id")`,
    );
    this.addSql(`create index "watches_project_id_level_index" on "watches" ("project_id", "level")`);
    this.addSql(
      `alter table "stars" add constraint "stars_user_id_foreign" foreign key ("user_id") references "actors" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "stars" add constraint "stars_project_id_foreign" foreign key ("project_id") references "projects" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "watches" add constraint "watches_user_id_foreign" foreign key ("user_id") references "actors" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "watches" add constraint "watches_project_id_foreign" foreign key ("project_id") references "projects" ("id") on update cascade on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "watches"`);
    this.addSql(`drop table "stars"`);
    this.addSql(`drop type "watch_level"`);
  }
}
