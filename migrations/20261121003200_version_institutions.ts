import { Migration } from '@mikro-orm/migrations';

export class Migration20261121003200 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`alter table "institutions" add column "row_version" int not null default 1`);
    this.addSql(
      `create index "institutions_created_at_index" on "institutions" ("created_at", "id") where "deleted_at" is null`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop index "institutions_created_at_index"`);
    this.addSql(`alter table "institutions" drop column "row_version"`);
  }
}
