import { Migration } from '@mikro-orm/migrations';

/** What the audit log needs to be sealed behind the writers' backs: the order of transactions, seals, and salts. */
export class Migration20261121004000 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    // Numbers of transactions begin anew where a dump is loaded; startup then raises this offset. Not immutable:
    // its value would stay in plans that are prepared.
    this.addSql(
      `create function audit_offset() returns bigint language sql stable parallel safe as $$ select 0::bigint $$`,
    );
    this.addSql(`create function audit_transaction() returns bigint language sql stable as $$
      select pg_current_xact_id()::text::bigint + audit_offset()
    $$`);
    this.addSql(`create function audit_horizon() returns bigint language sql stable as $$
      select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + audit_offset()
    $$`);
    // Not volatile, so the rows that are there get one value without being rewritten.
    this.addSql(
      `alter table "audit_logs" add column "transaction_number" bigint not null default audit_transaction()`,
    );
    this.addSql(
      `create index "audit_logs_project_id_transaction_index" on "audit_logs" ("project_id", "transaction_number", "id")`,
    );
    this.addSql(
      `create index "audit_logs_transaction_brin" on "audit_logs" using brin ("transaction_number") with (pages_per_range = 16)`,
    );
    this.addSql(`create table "audit_seals" (
      "id" uuid not null,
      "project_id" uuid null,
      "number" int not null,
      "from_transaction" bigint not null,
      "to_transaction" bigint not null,
      "row_count" int not null,
      "hash" bytea not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create unique index "audit_seals_number_unique" on "audit_seals" ("project_id", "number") nulls not distinct`,
    );
    this.addSql(`create index "audit_seals_to_transaction_index" on "audit_seals" ("to_transaction")`);
    this.addSql(
      `alter table "audit_seals" add constraint "audit_seals_range" check (number >= 1 and from_transaction < to_transaction and row_count >= 0)`,
    );
    this.addSql(
      `alter table "audit_seals" add constraint "audit_seals_hash" check (octet_length(hash) = 32)`,
    );
    this.addSql(`create table "audit_salts" (
      "actor_id" uuid not null,
      "salt" bytea not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("actor_id")
    )`);
    this.addSql(
      `alter table "audit_salts" add constraint "audit_salts_length" check (octet_length(salt) = 32)`,
    );
    this.addSql(
      `create trigger "audit_seals_append_only" before update or delete or truncate on "audit_seals" execute function refuse_change()`,
    );
    this.addSql(`create function keep_audited() returns trigger language plpgsql as $$
    begin
      if to_jsonb(old) - '{changes,ip_address,user_agent}'::text[] is distinct from to_jsonb(new) - '{changes,ip_address,user_agent}'::text[] then
        raise exception '% on % is refused: only personal values may be erased', tg_op, tg_table_name;
      end if;
      return new;
    end $$`);
    this.addSql(`drop trigger "audit_logs_append_only" on "audit_logs"`);
    this.addSql(
      `create trigger "audit_logs_append_only" before delete on "audit_logs" execute function refuse_change()`,
    );
    this.addSql(`create trigger "audit_logs_no_update" before update on "audit_logs"
      for each statement when (current_setting('tessera.erasing', true) is distinct from 'on') execute function refuse_change()`);
    this.addSql(
      `create trigger "audit_logs_keep_audited" before update on "audit_logs" for each row execute function keep_audited()`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop trigger "audit_logs_keep_audited" on "audit_logs"`);
    this.addSql(`drop trigger "audit_logs_no_update" on "audit_logs"`);
    this.addSql(`drop trigger "audit_logs_append_only" on "audit_logs"`);
    this.addSql(
      `create trigger "audit_logs_append_only" before update or delete on "audit_logs" execute function refuse_change()`,
    );
    this.addSql(`drop function keep_audited()`);
    this.addSql(`drop table "audit_salts"`);
    this.addSql(`drop table "audit_seals"`);
    this.addSql(`drop index "audit_logs_transaction_brin"`);
    this.addSql(`drop index "audit_logs_project_id_transaction_index"`);
    this.addSql(`alter table "audit_logs" drop column "transaction_number"`);
    this.addSql(`drop function audit_horizon()`);
    this.addSql(`drop function audit_transaction()`);
    this.addSql(`drop function audit_offset()`);
  }
}
