import { Migration } from '@mikro-orm/migrations';

const keepAnOwner = (
  acts: string,
) => `create or replace function keep_an_owner() returns trigger language plpgsql as $$
    begin
      -- Two owners who leave at once would each still see the other: one waits here for the other's commit.
      perform pg_advisory_xact_lock(hashtextextended('project:' || old.project_id, 0));
      if exists (select from projects where id = old.project_id)
        and not exists (
          select from project_members m
          join roles r on r.id = m.role_id
          join actors a on a.id = m.actor_id and ${acts}
          where m.project_id = old.project_id and r.name = 'owner'
        )
      then
        raise exception 'project % would be left without an owner', old.project_id
          using errcode = 'check_violation', constraint = 'project_members_keep_an_owner';
      end if;
      return null;
    end $$`;

/** Epochs only rise, whoever writes them; who is suspended owns nothing that others could leave to them. */
export class Migration20261121000700 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create function refuse_lower_epoch() returns trigger language plpgsql as $$
    begin
      if tg_op <> 'UPDATE' or new.name <> old.name or new.epoch < old.epoch then
        raise exception '% on authz_epochs is refused: nodes and history rely on epochs that only rise', tg_op;
      end if;
      return new;
    end $$`);
    this.addSql(`create trigger "authz_epochs_rise" before update or delete on "authz_epochs"
      for each row execute function refuse_lower_epoch()`);
    this.addSql(
      `create trigger "authz_epochs_no_truncate" before truncate on "authz_epochs" execute function refuse_change()`,
    );
    this.addSql(keepAnOwner('a.deleted_at is null and a.suspended_at is null'));
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(keepAnOwner('a.deleted_at is null'));
    this.addSql(`drop trigger "authz_epochs_no_truncate" on "authz_epochs"`);
    this.addSql(`drop trigger "authz_epochs_rise" on "authz_epochs"`);
    this.addSql(`drop function refuse_lower_epoch()`);
  }
}
