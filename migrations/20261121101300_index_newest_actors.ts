import { Migration } from '@mikro-orm/migrations';

/** For administrators' list of people, newest first (see src/views/sql/identity/listActors.ts). */
export class Migration20261121101300 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create index "actors_newest" on "actors" ("created_at", "id") where "deleted_at" is null`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql('drop index "actors_newest"');
  }
}
