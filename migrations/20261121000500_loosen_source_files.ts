import { Migration } from '@mikro-orm/migrations';

/** A first sync writes thousands of these rows; see SourceFile.ts. */
export class Migration20261121000500 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`alter table "source_files" drop constraint "source_files_manifest_id_foreign"`);
    this.addSql(`drop index "source_files_manifest_id_index"`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create index "source_files_manifest_id_index" on "source_files" ("manifest_id")`);
    this.addSql(
      `alter table "source_files" add constraint "source_files_manifest_id_foreign" foreign key ("manifest_id") references "project_manifests" ("id") on delete set null`,
    );
  }
}
