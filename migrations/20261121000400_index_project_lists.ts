import { Migration } from '@mikro-orm/migrations';

/** Lists of projects are read newest first: all of them by who may see every one, the public ones by everybody. */
export class Migration20261121000400 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(
      `create index "projects_created_at_id_index" on "projects" ("created_at", "id") where deleted_at is null`,
    );
    this.addSql(
      `create index "projects_public_created_at_id_index" on "projects" ("created_at", "id") where deleted_at is null and visibility = 'public'`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop index "projects_public_created_at_id_index"`);
    this.addSql(`drop index "projects_created_at_id_index"`);
  }
}
