import { Migration } from '@mikro-orm/migrations';

export class Migration20261120000100 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "role_scope" as enum ('system', 'project')`);
    this.addSql(`create type "actor_type" as enum ('person', 'organization')`);
    this.addSql(`create type "organization_role" as enum ('owner', 'member')`);
    this.addSql(`create type "email_token_kind" as enum ('verify', 'reset', 'setup')`);
    this.addSql(`create table "institutions" (
      "id" uuid not null,
      "name" varchar(255) not null,
      "identifier" varchar(255) not null,
      "homepage" varchar(255) null,
      "ror_id" varchar(32) null,
      "metadata" jsonb not null default '{}',
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(
      `create unique index "institutions_identifier_unique" on "institutions" ("identifier") where "deleted_at" is null`,
    );
    this.addSql(`create table "roles" (
      "id" uuid not null,
      "name" varchar(50) not null,
      "scope" "role_scope" not null,
      "description" varchar(500) not null default '',
      "is_builtin" boolean not null default false,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`alter table "roles" add constraint "roles_name_unique" unique ("name")`);
    this.addSql(`create table "actors" (
      "id" uuid not null,
      "actor_type" "actor_type" not null,
      "name" varchar(255) not null,
      "username" varchar(255) not null,
      "email" varchar(255) null,
      "password_hash" varchar(255) null,
      "is_verified" boolean not null default false,
      "role_id" uuid null,
      "orcid" varchar(19) null,
      "institution_id" uuid null,
      "credits" bigint not null default '0',
      "credits_held" bigint not null default '0',
      "credit_debt" bigint not null default '0',
      "suspended_at" timestamptz(3) null,
      "metadata" jsonb not null default '{}',
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "actors_role_id_index" on "actors" ("role_id")`);
    this.addSql(`create index "actors_institution_id_index" on "actors" ("institution_id")`);
    this.addSql(
      `create unique index "actors_username_unique" on "actors" ("username") where "deleted_at" is null`,
    );
    this.addSql(`create index "actors_username_prefix" on "actors" ("username" text_pattern_ops)`);
    this.addSql(`create index "actors_name_prefix" on "actors" (lower("name") text_pattern_ops)`);
    this.addSql(`create unique index "actors_email_unique" on "actors" ("email") where "deleted_at" is null`);
    this.addSql(
      `alter table "actors" add constraint "actors_username_lower" check (username = lower(username))`,
    );
    this.addSql(`alter table "actors" add constraint "actors_email_lower" check (email = lower(email))`);
    this.addSql(
      `alter table "actors" add constraint "actors_person_can_sign_in" check ((actor_type = 'organization' and email is null and password_hash is null) or (actor_type = 'person' and (deleted_at is not null or (email is not null and password_hash is not null))))`,
    );
    this.addSql(
      `alter table "actors" add constraint "actors_credits_not_negative" check (credits >= 0 and credits_held >= 0 and credit_debt >= 0)`,
    );
    this.addSql(`create table "organization_members" (
      "organization_id" uuid not null,
      "actor_id" uuid not null,
      "role" "organization_role" not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("organization_id", "actor_id")
    )`);
    this.addSql(`create index "organization_members_actor_id_index" on "organization_members" ("actor_id")`);
    this.addSql(`create table "sessions" (
      "id" uuid not null,
      "user_id" uuid not null,
      "token_hash" bytea not null,
      "user_agent" varchar(500) null,
      "ip_address" varchar(45) null,
      "created_at" timestamptz(3) not null default now(),
      "last_seen" timestamptz(3) not null default now(),
      "expires_at" timestamptz(3) not null,
      "revoked_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "sessions_user_id_index" on "sessions" ("user_id")`);
    this.addSql(`alter table "sessions" add constraint "sessions_token_hash_unique" unique ("token_hash")`);
    this.addSql(`create table "api_keys" (
      "id" uuid not null,
      "user_id" uuid not null,
      "name" varchar(255) not null,
      "prefix" varchar(16) not null,
      "key_hash" bytea not null,
      "scopes" text[] not null,
      "project_ids" uuid[] null,
      "expires_at" timestamptz(3) null,
      "last_used_at" timestamptz(3) null,
      "revoked_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "api_keys_user_id_index" on "api_keys" ("user_id")`);
    this.addSql(`alter table "api_keys" add constraint "api_keys_key_hash_unique" unique ("key_hash")`);
    this.addSql(`create table "email_tokens" (
      "id" uuid not null,
      "actor_id" uuid null,
      "kind" "email_token_kind" not null,
      "token_hash" bytea not null,
      "email" varchar(255) null,
      "expires_at" timestamptz(3) not null,
      "used_at" timestamptz(3) null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "email_tokens_actor_id_index" on "email_tokens" ("actor_id")`);
    this.addSql(
      `alter table "email_tokens" add constraint "email_tokens_token_hash_unique" unique ("token_hash")`,
    );
    this.addSql(
      `alter table "actors" add constraint "actors_role_id_foreign" foreign key ("role_id") references "roles" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "actors" add constraint "actors_institution_id_foreign" foreign key ("institution_id") references "institutions" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "organization_members" add constraint "organization_members_organization_id_foreign" foreign key ("organization_id") references "actors" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "organization_members" add constraint "organization_members_actor_id_foreign" foreign key ("actor_id") references "actors" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "sessions" add constraint "sessions_user_id_foreign" foreign key ("user_id") references "actors" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "api_keys" add constraint "api_keys_user_id_foreign" foreign key ("user_id") references "actors" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "email_tokens" add constraint "email_tokens_actor_id_foreign" foreign key ("actor_id") references "actors" ("id") on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "email_tokens"`);
    this.addSql(`drop table "api_keys"`);
    this.addSql(`drop table "sessions"`);
    this.addSql(`drop table "organization_members"`);
    this.addSql(`drop table "actors"`);
    this.addSql(`drop table "roles"`);
    this.addSql(`drop table "institutions"`);
    this.addSql(`drop type "email_token_kind"`);
    this.addSql(`drop type "organization_role"`);
    this.addSql(`drop type "actor_type"`);
    this.addSql(`drop type "role_scope"`);
  }
}
