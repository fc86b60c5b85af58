import { Migration } from '@mikro-orm/migrations';

export class Migration20261121003100 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "service_status" as enum ('UNKNOWN', 'UP', 'DEGRADED', 'DOWN', 'MAINTENANCE')`);
    this.addSql(`create type "delivery_status" as enum ('pending', 'delivered', 'failed')`);
    this.addSql(`create table "services" (
      "id" uuid not null,
      "project_id" uuid not null,
      "name" varchar(255) not null,
      "url" varchar(255) not null,
      "health_check" varchar(255) null,
      "status" "service_status" not null default 'UNKNOWN',
      "last_check" timestamptz(3) null,
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "services_created_at_index" on "services" ("project_id", "created_at", "id")`);
    this.addSql(`create index "services_name_index" on "services" ("project_id", "name")`);
    this.addSql(`create index "services_status_index" on "services" ("project_id", "status")`);
    this.addSql(`create table "service_configs" (
      "id" uuid not null,
      "project_id" uuid not null,
      "service_id" uuid not null,
      "key" varchar(255) not null,
      "value" jsonb null,
      "is_secret" boolean not null default false,
      "sealed_value" text null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "service_configs_project_id_index" on "service_configs" ("project_id")`);
    this.addSql(
      `alter table "service_configs" add constraint "service_configs_key_unique" unique ("service_id", "key")`,
    );
    this.addSql(
      `alter table "service_configs" add constraint "service_configs_one_value" check ((sealed_value is not null) = is_secret and (value is null) = is_secret)`,
    );
    this.addSql(`create table "service_checks" (
      "id" uuid not null,
      "service_id" uuid not null,
      "status" "service_status" not null,
      "http_status" int null,
      "duration_ms" int null,
      "error_message" text null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "service_checks_created_at_index" on "service_checks" ("service_id", "created_at", "id")`,
    );
    this.addSql(
      `alter table "service_checks" add constraint "service_checks_duration_not_negative" check (duration_ms >= 0)`,
    );
    this.addSql(
      `alter table "service_checks" add constraint "service_checks_http_status" check (http_status >= 100 and http_status <= 599)`,
    );
    this.addSql(`create table "webhooks" (
      "id" uuid not null,
      "project_id" uuid not null,
      "url" varchar(255) not null,
      "events" text[] not null,
      "active" boolean not null default true,
      "description" text not null default '',
      "sealed_secret" text not null,
      "created_by" uuid null,
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "webhooks_created_by_index" on "webhooks" ("created_by")`);
    this.addSql(`create index "webhooks_created_at_index" on "webhooks" ("project_id", "created_at", "id")`);
    this.addSql(`create index "webhooks_active_index" on "webhooks" ("project_id") where "active"`);
    this.addSql(
      `alter table "webhooks" add constraint "webhooks_some_event" check (cardinality(events) >= 1)`,
    );
    this.addSql(`create table "webhook_deliveries" (
      "id" uuid not null,
      "webhook_id" uuid not null,
      "event_stream" varchar(80) not null,
      "event_seq" bigint not null,
      "event_type" varchar(100) not null,
      "payload" jsonb not null,
      "status" "delivery_status" not null default 'pending',
      "attempts" int not null default 0,
      "http_status" int null,
      "response_body" text null,
      "error_message" text null,
      "next_attempt_at" timestamptz(3) null,
      "delivered_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "webhook_deliveries_created_at_index" on "webhook_deliveries" ("webhook_id", "created_at", "id")`,
    );
    this.addSql(
      `create index "webhook_deliveries_due_index" on "webhook_deliveries" ("next_attempt_at") where "status" = 'pending'`,
    );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_event_unique" unique ("webhook_id", "event_stream", "event_seq")`,
    );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_attempts" check (attempts >= 0)`,
    );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_due" check ((status = 'pending') = (next_attempt_at is not null))`,
    );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_delivered" check ((status = 'delivered') = (delivered_at is not null))`,
    );
    this.addSql(
      `alter table "services" add constraint "services_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "service_configs" add constraint "service_configs_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "service_configs" add constraint "service_configs_service_id_foreign" foreign key ("service_id") references "services" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "service_checks" add constraint "service_checks_service_id_foreign" foreign key ("service_id") references "services" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "webhooks" add constraint "webhooks_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "webhooks" add constraint "webhooks_created_by_foreign" foreign key ("created_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_webhook_id_foreign" foreign key ("webhook_id") references "webhooks" ("id") on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "webhook_deliveries"`);
    this.addSql(`drop table "webhooks"`);
    this.addSql(`drop table "service_checks"`);
    this.addSql(`drop table "service_configs"`);
    this.addSql(`drop table "services"`);
    this.addSql(`drop type "delivery_status"`);
    this.addSql(`drop type "service_status"`);
  }
}
