import { Migration } from '@mikro-orm/migrations';

export class Migration20261121000210 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(
      `alter table "casbin_rules" add constraint "casbin_rules_length" check (greatest(length(v0), length(v1), length(v2), length(v3), length(v4), length(v5)) <= 100)`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`alter table "casbin_rules" drop constraint "casbin_rules_length"`);
  }
}
