import { Migration } from '@mikro-orm/migrations';

export class Migration20261121000200 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create table "policy_fixtures" (
      "id" uuid not null,
      "name" varchar(100) not null,
      "source" text not null,
      "created_by" uuid null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`alter table "policy_fixtures" add constraint "policy_fixtures_name_unique" unique ("name")`);
    this.addSql(`create index "policy_fixtures_created_by_index" on "policy_fixtures" ("created_by")`);
    this.addSql(
      `alter table "policy_fixtures" add constraint "policy_fixtures_source_size" check (octet_length(source) >= 1 and octet_length(source) <= 65536)`,
    );
    this.addSql(
      `alter table "policy_fixtures" add constraint "policy_fixtures_created_by_foreign" foreign key ("created_by") references "actors" ("id") on delete set null`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "policy_fixtures"`);
  }
}
