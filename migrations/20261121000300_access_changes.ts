import { Migration } from '@mikro-orm/migrations';

/** Rows by statement or transaction beyond which a change is said to concern everybody. */
const most = 100;
const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

export class Migration20261121000300 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    // Whose access each access epoch changed: an actor's, a project's, an actor's in a project; both null: everybody's.
    this.addSql(`create table "access_changes" (
      "epoch" bigint null,
      "actor_id" uuid null,
      "project_id" uuid null,
      "created_at" timestamptz(3) not null default now()
    )`);
    this.addSql(`create index "access_changes_epoch_index" on "access_changes" ("epoch")`);
    this.addSql(`create function note_access_change(actor uuid, project uuid) returns void language plpgsql as $$
    declare
      noted int;
    begin
      -- Rows without an epoch that can be seen are those of this transaction; one more than ${most} stands for everybody.
      select count(*) into noted from (select from access_changes where epoch is null limit ${most + 1}) as own;
      if noted > ${most} then
        return;
      end if;
      if noted = ${most} then
        actor := null;
        project := null;
      end if;
      insert into access_changes (actor_id, project_id)
      select actor, project
      where not exists (
        select from access_changes
        where epoch is null and actor_id is not distinct from actor and project_id is not distinct from project
      );
    end $$`);
    this.addSql(`create function settle_access_changes() returns trigger language plpgsql as $$
    begin
      -- The first of the transaction's rows settles all of them.
      if exists (select from access_changes where epoch is null) then
        -- One queue: who waits for the row alone waits twice, for its holder and for those before it.
        perform pg_advisory_xact_lock(hashtextextended('tessera access epoch', 0));
        with moved as (
          update authz_epochs set epoch = epoch + 1 where name = 'access' returning epoch
        )
        update access_changes set epoch = moved.epoch from moved where access_changes.epoch is null;
      end if;
      return null;
    end $$`);
    // Deferred: the epoch's row is locked from here to the end of the commit, not for the whole transaction.
    this.addSql(`create constraint trigger "access_changes_settled" after insert on "access_changes"
      deferrable initially deferred for each row execute function settle_access_changes()`);

    // Volatile: as of the moment when it is called, not of the beginning of the statement that calls it.
    this.addSql(`create function current_epochs("after" bigint, out policy bigint, out access bigint) language plpgsql volatile as $$
    begin
      select p.epoch, a.epoch into policy, access
      from authz_epochs p cross join authz_epochs a where p.name = 'policy' and a.name = 'access';
    end $$`);
    // Whoever moves an epoch, every node hears of it when the change commits.
    this.addSql(`create function tell_epoch() returns trigger language plpgsql as $$
    begin
      perform pg_notify('tessera_epochs', new.name || ' ' || new.epoch);
      return null;
    end $$`);
    this.addSql(`create trigger "authz_epochs_told" after update on "authz_epochs"
      for each row when (old.epoch is distinct from new.epoch) execute function tell_epoch()`);

    this.addSql(`create or replace function bump_rule_epoch() returns trigger language plpgsql as $$
    declare
      people int;
    begin
      -- Rules of people say who is where; all others say what a role may do.
      select count(*) into people
      from (select from changed where ptype = 'g' and v0 like 'user:%' limit ${most + 1}) as own;
      if people > ${most} then
        perform note_access_change(null, null);
      elsif people > 0 then
        -- What an organization has, its members have: that concerns all of the project.
        perform note_access_change(case when o.id is null then held.actor end, held.project)
        from (
          select distinct
            case when v0 ~ '^user:${uuid}$' then substr(v0, 6)::uuid end as actor,
            case when v2 ~ '^project:${uuid}$' then substr(v2, 9)::uuid end as project
          from changed where ptype = 'g' and v0 like 'user:%'
        ) as held
        left join actors o on o.id = held.actor and o.actor_type = 'organization';
      end if;
      if exists (select from changed where not (ptype = 'g' and v0 like 'user:%')) then
        perform bump_epoch('policy');
      end if;
      return null;
    end $$`);

    this.addSql(`drop trigger "organization_members_epoch" on "organization_members"`);
    this.addSql(`create function note_belongings() returns trigger language plpgsql as $$
    begin
      if (select count(*) from (select from changed limit ${most + 1}) as own) > ${most} then
        perform note_access_change(null, null);
      else
        perform note_access_change(actor_id, null) from (select distinct actor_id from changed) as belonging;
      end if;
      return null;
    end $$`);
    this.addSql(`create trigger "organization_members_came" after insert on "organization_members"
      referencing new table as changed for each statement execute function note_belongings()`);
    this.addSql(`create trigger "organization_members_went" after delete on "organization_members"
      referencing old table as changed for each statement execute function note_belongings()`);
    this.addSql(`create function note_moved_belonging() returns trigger language plpgsql as $$
    begin
      perform note_access_change(old.actor_id, null);
      perform note_access_change(new.actor_id, null);
      return null;
    end $$`);
    this.addSql(`create trigger "organization_members_moved" after update on "organization_members"
      for each row when (old.organization_id is distinct from new.organization_id or old.actor_id is distinct from new.actor_id)
      execute function note_moved_belonging()`);

    this.addSql(`drop trigger "actors_epoch" on "actors"`);
    this.addSql(`create function note_actor() returns trigger language plpgsql as $$
    begin
      -- Who belongs to an organization may change meanwhile, so its suspension is said to concern everybody.
      perform note_access_change(case when old.actor_type = 'person' then old.id end, null);
      return null;
    end $$`);
    this.addSql(`create trigger "actors_access" after update of "suspended_at", "deleted_at" on "actors"
      for each row when (old.suspended_at is distinct from new.suspended_at or old.deleted_at is distinct from new.deleted_at)
      execute function note_actor()`);

    this.addSql(`drop trigger "sessions_epoch" on "sessions"`);
    this.addSql(`drop trigger "sessions_deleted_epoch" on "sessions"`);
    this.addSql(`drop trigger "api_keys_epoch" on "api_keys"`);
    this.addSql(`drop trigger "api_keys_deleted_epoch" on "api_keys"`);
    this.addSql(`create function note_credential() returns trigger language plpgsql as $$
    begin
      perform note_access_change(old.user_id, null);
      return null;
    end $$`);
    this.addSql(`create trigger "sessions_access" after update of "revoked_at", "expires_at", "token_hash", "user_id" on "sessions"
      for each row when (old.revoked_at is distinct from new.revoked_at or new.expires_at < old.expires_at
        or old.token_hash <> new.token_hash or old.user_id <> new.user_id)
      execute function note_credential()`);
    // One that had ended takes nothing from anybody when it is tidied away.
    this.addSql(`create trigger "sessions_removed" after delete on "sessions"
      for each row when (old.revoked_at is null and old.expires_at > now()) execute function note_credential()`);
    this.addSql(`create trigger "api_keys_access" after update of "revoked_at", "expires_at", "scopes", "project_ids", "key_hash", "user_id" on "api_keys"
      for each row when (old.revoked_at is distinct from new.revoked_at or old.expires_at is distinct from new.expires_at
        or old.scopes <> new.scopes or old.project_ids is distinct from new.project_ids
        or old.key_hash <> new.key_hash or old.user_id <> new.user_id)
      execute function note_credential()`);
    this.addSql(`create trigger "api_keys_removed" after delete on "api_keys"
      for each row when (old.revoked_at is null and (old.expires_at is null or old.expires_at > now()))
      execute function note_credential()`);

    this.addSql(`drop trigger "projects_epoch" on "projects"`);
    this.addSql(`create function note_project() returns trigger language plpgsql as $$
    begin
      perform note_access_change(null, old.id);
      return null;
    end $$`);
    this.addSql(`create trigger "projects_access" after update of "visibility", "deleted_at" on "projects"
      for each row when (old.visibility is distinct from new.visibility or old.deleted_at is distinct from new.deleted_at)
      execute function note_project()`);
    this.addSql(
      `create trigger "projects_removed" after delete on "projects" for each row execute function note_project()`,
    );

    this.addSql(`create function note_everybody() returns trigger language plpgsql as $$
    begin
      perform note_access_change(null, null);
      return null;
    end $$`);
    for (const table of ['actors', 'organization_members', 'sessions', 'api_keys', 'projects'])
      this.addSql(
        `create trigger "${table}_emptied" after truncate on "${table}" for each statement execute function note_everybody()`,
      );
    this.addSql(`drop function bump_access_epoch()`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create function bump_access_epoch() returns trigger language plpgsql as $$
    begin
      perform bump_epoch('access');
      return null;
    end $$`);
    for (const table of ['actors', 'organization_members', 'sessions', 'api_keys', 'projects'])
      this.addSql(`drop trigger "${table}_emptied" on "${table}"`);
    this.addSql(`drop function note_everybody()`);

    this.addSql(`drop trigger "projects_removed" on "projects"`);
    this.addSql(`drop trigger "projects_access" on "projects"`);
    this.addSql(`drop function note_project()`);
    this.addSql(`create trigger "projects_epoch" after update of "visibility", "deleted_at" on "projects"
      for each row when (old.visibility is distinct from new.visibility or old.deleted_at is distinct from new.deleted_at)
      execute function bump_access_epoch()`);

    this.addSql(`drop trigger "api_keys_removed" on "api_keys"`);
    this.addSql(`drop trigger "api_keys_access" on "api_keys"`);
    this.addSql(`drop trigger "sessions_removed" on "sessions"`);
    this.addSql(`drop trigger "sessions_access" on "sessions"`);
    this.addSql(`drop function note_credential()`);
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

    this.addSql(`drop trigger "actors_access" on "actors"`);
    this.addSql(`drop function note_actor()`);
    this.addSql(`create trigger "actors_epoch" after update of "suspended_at", "deleted_at" on "actors"
      for each row when (old.suspended_at is distinct from new.suspended_at or old.deleted_at is distinct from new.deleted_at)
      execute function bump_access_epoch()`);

    this.addSql(`drop trigger "organization_members_moved" on "organization_members"`);
    this.addSql(`drop trigger "organization_members_went" on "organization_members"`);
    this.addSql(`drop trigger "organization_members_came" on "organization_members"`);
    this.addSql(`drop function note_moved_belonging()`);
    this.addSql(`drop function note_belongings()`);
    this.addSql(`create trigger "organization_members_epoch" after insert or update or delete on "organization_members"
      for each statement execute function bump_access_epoch()`);

    this.addSql(`create or replace function bump_rule_epoch() returns trigger language plpgsql as $$
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

    this.addSql(`drop trigger "authz_epochs_told" on "authz_epochs"`);
    this.addSql(`drop function tell_epoch()`);
    this.addSql(`drop function current_epochs(bigint)`);
    this.addSql(`drop trigger "access_changes_settled" on "access_changes"`);
    this.addSql(`drop function settle_access_changes()`);
    this.addSql(`drop function note_access_change(uuid, uuid)`);
    this.addSql(`drop table "access_changes"`);
  }
}
