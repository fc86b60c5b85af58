import { Migration } from '@mikro-orm/migrations';

export class Migration20261121000100 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`alter table "authz_versions" add column "transaction_id" xid8 null`);
    // Until now a version kept its rules as objects, and only what came.
    this.addSql(`update "authz_versions" set "diff" = jsonb_build_object('removed', '[]'::jsonb, 'added', coalesce((
        select jsonb_agg(jsonb_build_array(rule -> 'ptype', rule -> 'v0', rule -> 'v1', rule -> 'v2') ||
          case when rule ->> 'v3' is null then '[]'::jsonb else jsonb_build_array(rule -> 'v3') end)
        from jsonb_array_elements("diff" -> 'added') as rule), '[]'::jsonb))`);
    this.addSql(`create function without_lines(lines jsonb, others jsonb) returns jsonb language sql immutable as $$
      select coalesce(jsonb_agg(line order by place), '[]')
      from jsonb_array_elements(lines) with ordinality as all_lines (line, place)
      where line not in (select jsonb_array_elements(others))
    $$`);
    this.addSql(`create function record_policy_version() returns trigger language plpgsql as $$
    declare
      lines jsonb;
      came jsonb := '[]';
      went jsonb := '[]';
      earlier authz_versions;
      added jsonb;
      removed jsonb;
    begin
      -- Rules of people are no part of the policy: who is where is written with its own tables, and never undone.
      select jsonb_agg(to_jsonb(array_remove(array[ptype, v0, v1, v2, v3, v4, v5], null)) order by id) into lines
      from changed where not (ptype = 'g' and v0 like 'user:%');
      if lines is null then
        return null;
      end if;
      if tg_op = 'INSERT' then
        came := lines;
      else
        went := lines;
      end if;
      select * into earlier from authz_versions order by epoch desc limit 1;
      -- The moment too: a dump that was restored holds numbers of another cluster's transactions.
      if earlier.transaction_id = pg_current_xact_id() and earlier.created_at = now()::timestamptz(3) then
        -- What this transaction took back that it did before is no change.
        added := without_lines(earlier.diff -> 'added', went) || without_lines(came, earlier.diff -> 'removed');
        removed := without_lines(earlier.diff -> 'removed', came) || without_lines(went, earlier.diff -> 'added');
        came := added;
        went := removed;
        delete from authz_versions where epoch = earlier.epoch;
      end if;
      insert into authz_versions (epoch, actor_id, reason, diff, created_at, transaction_id)
      select epoch, nullif(current_setting('tessera.policy_actor', true), '')::uuid,
        coalesce(nullif(current_setting('tessera.policy_reason', true), ''), 'changed directly in the database'),
        jsonb_build_object('added', came, 'removed', went), now(), pg_current_xact_id()
      from authz_epochs where name = 'policy';
      return null;
    end $$`);
    // Triggers run in the order of their names: after casbin_rules_inserted and casbin_rules_deleted, which move the epoch.
    this.addSql(`create trigger "casbin_rules_inserted_version" after insert on "casbin_rules"
      referencing new table as changed for each statement execute function record_policy_version()`);
    this.addSql(`create trigger "casbin_rules_deleted_version" after delete on "casbin_rules"
      referencing old table as changed for each statement execute function record_policy_version()`);
    this.addSql(`create trigger "authz_versions_kept" before update or delete on "authz_versions"
      for each statement when (pg_trigger_depth() = 0) execute function refuse_change()`);
    this.addSql(
      `create trigger "authz_versions_no_truncate" before truncate on "authz_versions" execute function refuse_change()`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop trigger "authz_versions_no_truncate" on "authz_versions"`);
    this.addSql(`drop trigger "authz_versions_kept" on "authz_versions"`);
    this.addSql(`drop trigger "casbin_rules_deleted_version" on "casbin_rules"`);
    this.addSql(`drop trigger "casbin_rules_inserted_version" on "casbin_rules"`);
    this.addSql(`drop function record_policy_version()`);
    this.addSql(`drop function without_lines(jsonb, jsonb)`);
    this.addSql(`update "authz_versions" set "diff" = jsonb_build_object('added', coalesce((
        select jsonb_agg(jsonb_build_object('ptype', line -> 0, 'v0', line -> 1, 'v1', line -> 2, 'v2', line -> 3, 'v3', line -> 4))
        from jsonb_array_elements("diff" -> 'added') as line), '[]'::jsonb))`);
    this.addSql(`alter table "authz_versions" drop column "transaction_id"`);
  }
}
