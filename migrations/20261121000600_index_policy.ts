import { Migration } from '@mikro-orm/migrations';

/** A rule's fields as a JSON array. No field holds a quote or a backslash: a check sees to it. */
const rule = `('["' || "v0" || '","' || "v1" || coalesce('","' || "v2", '') || coalesce('","' || "v3", '') || coalesce('","' || "v4", '') || coalesce('","' || "v5", '') || '"]')::jsonb`;

export class Migration20261121000600 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    // As to_jsonb gave it; but that is not immutable, so that nothing in it could be indexed.
    this.addSql(
      `create or replace view "casbin" as select "id", "ptype", ${rule} as "rule" from "casbin_rules"`,
    );
    // The policy among a million rules of people: the predicate is what the adapter is told to load by.
    this.addSql(
      `create index "casbin_rules_policy_index" on "casbin_rules" ("ptype") where (${rule} ->> 0) like 'role:%'`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop index "casbin_rules_policy_index"`);
    this.addSql(`create or replace view "casbin" as
      select "id", "ptype", to_jsonb(array_remove(array["v0", "v1", "v2", "v3", "v4", "v5"], null)) as "rule"
      from "casbin_rules"`);
  }
}
