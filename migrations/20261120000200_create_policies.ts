import { Migration } from '@mikro-orm/migrations';

export class Migration20261120000200 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "audit_via" as enum ('session', 'api_key', 'worker', 'system')`);
    this.addSql(`create table "casbin_rules" (
      "id" bigserial primary key,
      "ptype" text not null,
      "v0" text not null,
      "v1" text not null,
      "v2" text null,
      "v3" text null,
      "v4" text null,
      "v5" text null
    )`);
    this.addSql(`create index "casbin_rules_ptype_v0_v2_index" on "casbin_rules" ("ptype", "v0", "v2")`);
    this.addSql(`create index "casbin_rules_ptype_v2_v1_index" on "casbin_rules" ("ptype", "v2", "v1")`);
    this.addSql(
      `create unique index "casbin_rules_unique" on "casbin_rules" ("ptype", "v0", "v1", "v2", "v3", "v4", "v5") nulls not distinct`,
    );
    this.addSql(
      `alter table "casbin_rules" add constraint "casbin_rules_no_gap" check ((v2 is not null or v3 is null) and (v3 is not null or v4 is null) and (v4 is not null or v5 is null))`,
    );
    this.addSql(
      `alter table "casbin_rules" add constraint "casbin_rules_charset" check (concat(v0, v1, v2, v3, v4, v5) ~ '^[A-Za-z0-9_.:*/@-]+$' and v0 <> '' and v1 <> '' and coalesce(v2, '-') <> '' and coalesce(v3, '-') <> '' and coalesce(v4, '-') <> '' and coalesce(v5, '-') <> '')`,
    );
    this.addSql(
      `alter table "casbin_rules" add constraint "casbin_rules_no_pattern" check (concat_ws(' ', v0, v1, v2, v3, v4, v5) !~ '(^| )(like|regex):')`,
    );
    this.addSql(
      `alter table "casbin_rules" add constraint "casbin_rules_shape" check (v2 is not null and ((ptype = 'p' and v0 ~ '^role:.' and v3 is not null and (v3 = 'allow' or v3 = 'deny') and v4 is null) or (ptype = 'g' and v1 ~ '^role:.' and v3 is null and ((v0 ~ '^user:.' and (v2 = '*' or v2 ~ '^project:.')) or (v0 ~ '^role:.' and v2 = '*')))))`,
    );
    this.addSql(`create table "audit_logs" (
      "id" uuid not null,
      "user_id" uuid null,
      "project_id" uuid null,
      "action" varchar(50) not null,
      "entity_type" varchar(50) not null,
      "entity_id" varchar(200) not null,
      "changes" jsonb not null,
      "via" "audit_via" not null,
      "request_id" varchar(64) null,
      "ip_address" varchar(45) null,
      "user_agent" varchar(500) null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "audit_logs_entity_index" on "audit_logs" ("entity_type", "entity_id")`);
    this.addSql(
      `create index "audit_logs_project_id_created_at_index" on "audit_logs" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `create index "audit_logs_user_id_created_at_index" on "audit_logs" ("user_id", "created_at", "id")`,
    );
    this.addSql(`create table "authz_epochs" (
      "name" text primary key check (name in ('policy', 'access')),
      "epoch" bigint not null default 1
    )`);
    this.addSql(`insert into "authz_epochs" ("name") values ('policy'), ('access')`);
    this.addSql(`create table "authz_versions" (
      "epoch" bigint primary key,
      "actor_id" uuid null,
      "reason" text not null,
      "diff" jsonb not null,
      "created_at" timestamptz(3) not null default now()
    )`);
    this.addSql(`create table "authz_defaults" (
      "ptype" text not null,
      "v0" text not null,
      "v1" text not null,
      "v2" text not null,
      "v3" text not null default '',
      "installed_at" timestamptz(3) not null default now(),
      primary key ("ptype", "v0", "v1", "v2", "v3")
    )`);
    this.addSql(`create view "casbin" as
      select "id", "ptype", to_jsonb(array_remove(array["v0", "v1", "v2", "v3", "v4", "v5"], null)) as "rule"
      from "casbin_rules"`);
    this.addSql(`create function casbin_insert() returns trigger language plpgsql as $$
    begin
      insert into casbin_rules (ptype, v0, v1, v2, v3, v4, v5)
      values (new.ptype, new.rule ->> 0, new.rule ->> 1, new.rule ->> 2, new.rule ->> 3, new.rule ->> 4, new.rule ->> 5)
      returning id into new.id;
      return new;
    end $$`);
    this.addSql(
      `create trigger "casbin_insert" instead of insert on "casbin" for each row execute function casbin_insert()`,
    );
    this.addSql(`create function bump_epoch(epoch_name text) returns void language sql as $$
      update authz_epochs set epoch = epoch + 1 where name = epoch_name
    $$`);
    this.addSql(`create function bump_access_epoch() returns trigger language plpgsql as $$
    begin
      perform bump_epoch('access');
      return null;
    end $$`);
    this.addSql(`create function bump_rule_epoch() returns trigger language plpgsql as $$
    begin
      -- Rules of people say who is where; all others say what a role may do.
      if exists (select from changed where ptype = 'g' and v0 like 'user:%') then
        perform bump_epoch('access');
      end if;
      if exists (select from changed where not (ptype = 'g' and v0 like 'user:%')) then
        perform bump_epoch('policy');
      end if;
      return null;
    end $$`);
    this.addSql(`create trigger "casbin_rules_inserted" after insert on "casbin_rules"
      referencing new table as changed for each statement execute function bump_rule_epoch()`);
    this.addSql(`create trigger "casbin_rules_deleted" after delete on "casbin_rules"
      referencing old table as changed for each statement execute function bump_rule_epoch()`);
    this.addSql(`create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception '% on % is refused: its rows are kept as they are', tg_op, tg_table_name;
    end $$`);
    this.addSql(
      `create trigger "casbin_rules_no_update" before update on "casbin_rules" execute function refuse_change()`,
    );
    this.addSql(
      `create trigger "casbin_rules_no_truncate" before truncate on "casbin_rules" execute function refuse_change()`,
    );
    this.addSql(
      `create trigger "audit_logs_append_only" before update or delete on "audit_logs" execute function refuse_change()`,
    );
    this.addSql(
      `create trigger "audit_logs_no_truncate" before truncate on "audit_logs" execute function refuse_change()`,
    );
    this.addSql(`create trigger "organization_members_epoch" after insert or update or delete on "organization_members"
      for each statement execute function bump_access_epoch()`);
    this.addSql(`create trigger "actors_epoch" after update of "suspended_at", "deleted_at" on "actors"
      for each row when (old.suspended_at is distinct from new.suspended_at or old.deleted_at is distinct from new.deleted_at)
      execute function bump_access_epoch()`);
    this.addSql(`create trigger "sessions_epoch" after update of "revoked_at", "expires_at" on "sessions"
      for each row when (old.revoked_at is distinct from new.revoked_at or new.expires_at < old.expires_at)
      execute function bump_access_epoch()`);
    this.addSql(
      `create trigger "sessions_deleted_epoch" after delete on "sessions" for each statement execute function bump_access_epoch()`,
    );
    this.addSql(`create trigger "api_keys_epoch" after update of "revoked_at", "expires_at", "scopes", "project_ids" on "api_keys"
      for each statement execute function bump_access_epoch()`);
    this.addSql(
      `create trigger "api_keys_deleted_epoch" after delete on "api_keys" for each statement execute function bump_access_epoch()`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop trigger "api_keys_deleted_epoch" on "api_keys"`);
    this.addSql(`drop trigger "api_keys_epoch" on "api_keys"`);
    this.addSql(`drop trigger "sessions_deleted_epoch" on "sessions"`);
    this.addSql(`drop trigger "sessions_epoch" on "sessions"`);
    this.addSql(`drop trigger "actors_epoch" on "actors"`);
    this.addSql(`drop trigger "organization_members_epoch" on "organization_members"`);
    this.addSql(`drop view "casbin"`);
    this.addSql(`drop function casbin_insert()`);
    this.addSql(`drop table "authz_defaults"`);
    this.addSql(`drop table "authz_versions"`);
    this.addSql(`drop table "authz_epochs"`);
    this.addSql(`drop table "audit_logs"`);
    this.addSql(`drop table "casbin_rules"`);
    this.addSql(`drop type "audit_via"`);
    this.addSql(`drop function bump_rule_epoch()`);
    this.addSql(`drop function bump_access_epoch()`);
    this.addSql(`drop function bump_epoch(text)`);
    this.addSql(`drop function refuse_change()`);
  }
}
