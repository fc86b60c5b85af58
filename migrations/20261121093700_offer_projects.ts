import { Migration } from '@mikro-orm/migrations';

/** Projects that were offered to somebody, who must accept before their jobs are charged to them. */
export class Migration20261121093700 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(
      `create type "transfer_status" as enum ('pending', 'accepted', 'declined', 'cancelled', 'expired')`,
    );
    this.addSql(`create table "project_transfers" (
      "id" uuid not null,
      "project_id" uuid not null,
      "from_id" uuid not null,
      "to_id" uuid not null,
      "status" "transfer_status" not null default 'pending',
      "expires_at" timestamptz(3) not null,
      "resolved_at" timestamptz(3) null,
      "resolved_by" uuid null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id"),
      constraint "project_transfers_resolved" check ((status = 'pending') = (resolved_at is null))
    )`);
    this.addSql(
      `create unique index "project_transfers_pending_unique" on "project_transfers" ("project_id") where "status" = 'pending'`,
    );
    this.addSql(`create index "project_transfers_project_id_index" on "project_transfers" ("project_id")`);
    this.addSql(`create index "project_transfers_from_id_index" on "project_transfers" ("from_id")`);
    this.addSql(`create index "project_transfers_to_id_index" on "project_transfers" ("to_id")`);
    this.addSql(`create index "project_transfers_resolved_by_index" on "project_transfers" ("resolved_by")`);
    this.addSql(
      `alter table "project_transfers" add constraint "project_transfers_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "project_transfers" add constraint "project_transfers_from_id_foreign" foreign key ("from_id") references "actors" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "project_transfers" add constraint "project_transfers_to_id_foreign" foreign key ("to_id") references "actors" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "project_transfers" add constraint "project_transfers_resolved_by_foreign" foreign key ("resolved_by") references "actors" ("id") on delete set null`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "project_transfers"`);
    this.addSql(`drop type "transfer_status"`);
  }
}
