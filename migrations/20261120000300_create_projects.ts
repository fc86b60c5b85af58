import { Migration } from '@mikro-orm/migrations';

export class Migration20261120000300 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "visibility" as enum ('public', 'private')`);
    this.addSql(`create table "projects" (
      "id" uuid not null,
      "owner_id" uuid not null,
      "name" varchar(255) not null,
      "identifier" varchar(255) not null,
      "description" text not null default '',
      "homepage" varchar(255) null,
      "repository_url" varchar(255) null,
      "fork_repo_url" varchar(255) null,
      "git_provider" varchar(50) null,
      "source_language" varchar(35) not null default 'en',
      "visibility" "visibility" not null default 'private',
      "default_branch" varchar(255) null,
      "last_synced_at" timestamptz(3) null,
      "metadata" jsonb not null default '{}',
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "projects_owner_id_index" on "projects" ("owner_id")`);
    this.addSql(
      `create unique index "projects_identifier_unique" on "projects" ("identifier") where "deleted_at" is null`,
    );
    this.addSql(`create table "project_members" (
      "project_id" uuid not null,
      "actor_id" uuid not null,
      "role_id" uuid not null,
      "added_by" uuid null,
      "added_at" timestamptz(3) not null default now(),
      primary key ("project_id", "actor_id")
    )`);
    this.addSql(`create index "project_members_actor_id_index" on "project_members" ("actor_id")`);
    this.addSql(`create index "project_members_role_id_index" on "project_members" ("role_id")`);
    this.addSql(`create index "project_members_added_by_index" on "project_members" ("added_by")`);
    this.addSql(
      `alter table "projects" add constraint "projects_owner_id_foreign" foreign key ("owner_id") references "actors" ("id") on delete restrict`,
    );
    this.addSql(
      `alter table "project_members" add constraint "project_members_project_id_foreign" foreign key ("project_id") references "projects" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_members" add constraint "project_members_actor_id_foreign" foreign key ("actor_id") references "actors" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_members" add constraint "project_members_role_id_foreign" foreign key ("role_id") references "roles" ("id") on delete restrict`,
    );
    this.addSql(
      `alter table "project_members" add constraint "project_members_added_by_foreign" foreign key ("added_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(`create trigger "projects_epoch" after update of "visibility", "deleted_at" on "projects"
      for each row when (old.visibility is distinct from new.visibility or old.deleted_at is distinct from new.deleted_at)
      execute function bump_access_epoch()`);
    this.addSql(`create function keep_an_owner() returns trigger language plpgsql as $$
    begin
      -- Two owners who leave at once would each still see the other: one waits here for the other's commit.
      perform pg_advisory_xact_lock(hashtextextended('project:' || old.project_id, 0));
      if exists (select from projects where id = old.project_id)
        and not exists (
          select from project_members m
          join roles r on r.id = m.role_id
          join actors a on a.id = m.actor_id and a.deleted_at is null
          where m.project_id = old.project_id and r.name = 'owner'
        )
      then
        raise exception 'project % would be left without an owner', old.project_id
          using errcode = 'check_violation', constraint = 'project_members_keep_an_owner';
      end if;
      return null;
    end $$`);
    this.addSql(`create constraint trigger "project_members_keep_an_owner" after update or delete on "project_members"
      deferrable initially deferred for each row execute function keep_an_owner()`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop trigger "project_members_keep_an_owner" on "project_members"`);
    this.addSql(`drop function keep_an_owner()`);
    this.addSql(`drop trigger "projects_epoch" on "projects"`);
    this.addSql(`drop table "project_members"`);
    this.addSql(`drop table "projects"`);
    this.addSql(`drop type "visibility"`);
  }
}
