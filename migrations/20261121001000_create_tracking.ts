import { Migration } from '@mikro-orm/migrations';

export class Migration20261121001000 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "task_status" as enum ('NOT_STARTED', 'IN_PROGRESS', 'BLOCKED', 'COMPLETED')`);
    this.addSql(`create type "priority_type" as enum ('LOW', 'MEDIUM', 'HIGH')`);
    this.addSql(`create table "milestones" (
      "id" uuid not null,
      "project_id" uuid not null,
      "title" varchar(255) not null,
      "description" text not null default '',
      "start_date" timestamptz(3) not null,
      "end_date" timestamptz(3) not null,
      "status" "task_status" not null default 'NOT_STARTED',
      "progress" int not null default 0,
      "created_by" uuid null,
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "milestones_created_by_index" on "milestones" ("created_by")`);
    this.addSql(
      `create index "milestones_project_id_created_at_index" on "milestones" ("project_id", "created_at", "id")`,
    );
    this.addSql(`create index "milestones_status_index" on "milestones" ("project_id", "status")`);
    this.addSql(`alter table "milestones" add constraint "milestones_dates" check (end_date >= start_date)`);
    this.addSql(
      `alter table "milestones" add constraint "milestones_progress_percent" check (progress >= 0 and progress <= 100)`,
    );
    this.addSql(`create table "tasks" (
      "id" uuid not null,
      "project_id" uuid not null,
      "milestone_id" uuid null,
      "title" varchar(255) not null,
      "description" text not null default '',
      "status" "task_status" not null default 'NOT_STARTED',
      "priority" "priority_type" not null default 'MEDIUM',
      "assignee_id" uuid null,
      "due_date" timestamptz(3) null,
      "created_by" uuid null,
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "tasks_milestone_id_index" on "tasks" ("milestone_id")`);
    this.addSql(`create index "tasks_assignee_id_index" on "tasks" ("assignee_id")`);
    this.addSql(`create index "tasks_created_by_index" on "tasks" ("created_by")`);
    this.addSql(
      `create index "tasks_project_id_created_at_index" on "tasks" ("project_id", "created_at", "id")`,
    );
    this.addSql(`create index "tasks_status_index" on "tasks" ("project_id", "status")`);
    this.addSql(
      `create index "tasks_due_date_index" on "tasks" ("due_date") where "deleted_at" is null and "status" <> 'COMPLETED'`,
    );
    this.addSql(`create table "task_dependencies" (
      "id" uuid not null,
      "project_id" uuid not null,
      "task_id" uuid not null,
      "depends_on" uuid not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "task_dependencies_project_id_index" on "task_dependencies" ("project_id")`);
    this.addSql(`create index "task_dependencies_depends_on_index" on "task_dependencies" ("depends_on")`);
    this.addSql(
      `alter table "task_dependencies" add constraint "task_dependencies_pair_unique" unique ("task_id", "depends_on")`,
    );
    this.addSql(
      `alter table "task_dependencies" add constraint "task_dependencies_not_itself" check (task_id <> depends_on)`,
    );
    this.addSql(`create table "task_events" (
      "task_id" uuid not null,
      "number" int not null,
      "project_id" uuid not null,
      "milestone_id" uuid null,
      "status" "task_status" not null,
      "is_deleted" boolean not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("task_id", "number")
    )`);
    this.addSql(`create index "task_events_project_id_index" on "task_events" ("project_id")`);
    this.addSql(`create index "task_events_milestone_id_index" on "task_events" ("milestone_id")`);
    this.addSql(`create table "task_reminders" (
      "task_id" uuid not null,
      "due_date" timestamptz(3) not null,
      "created_at" timestamptz(3) not null default now(),
      primary key ("task_id", "due_date")
    )`);
    this.addSql(
      `alter table "milestones" add constraint "milestones_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "milestones" add constraint "milestones_created_by_foreign" foreign key ("created_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "tasks" add constraint "tasks_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "tasks" add constraint "tasks_milestone_id_foreign" foreign key ("milestone_id") references "milestones" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "tasks" add constraint "tasks_assignee_id_foreign" foreign key ("assignee_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "tasks" add constraint "tasks_created_by_foreign" foreign key ("created_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "task_dependencies" add constraint "task_dependencies_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "task_dependencies" add constraint "task_dependencies_task_id_foreign" foreign key ("task_id") references "tasks" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "task_dependencies" add constraint "task_dependencies_depends_on_foreign" foreign key ("depends_on") references "tasks" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "task_events" add constraint "task_events_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "task_reminders" add constraint "task_reminders_task_id_foreign" foreign key ("task_id") references "tasks" ("id") on delete cascade`,
    );
    // Rounded down: 100 only when all of them are completed.
    this.addSql(`create function milestone_progress(milestone uuid) returns int language sql stable as $$
      select coalesce(floor(100.0 * count(*) filter (where status = 'COMPLETED') / nullif(count(*), 0)), 0)::int
      from tasks where milestone_id = milestone and deleted_at is null
    $$`);
    // The row is locked before this runs, and each statement of a volatile function sees what is committed by
    // then: whoever waited for another's change counts that change too.
    this.addSql(`create function keep_milestone_progress() returns trigger language plpgsql volatile as $$
    begin
      new.progress := milestone_progress(new.id);
      if tg_op = 'UPDATE' and new is not distinct from old then return null; end if;
      return new;
    end $$`);
    this.addSql(
      `create trigger "milestones_progress" before insert or update of "progress" on "milestones" for each row execute function keep_milestone_progress()`,
    );
    // In the order of their ids, so that two transactions which move tasks between milestones do not wait for each other.
    this.addSql(`create function roll_up_milestones(touched uuid[]) returns void language plpgsql as $$
    declare milestone uuid;
    begin
      for milestone in select distinct id from unnest(touched) as t (id) where id is not null order by id loop
        update milestones set progress = progress where id = milestone;
      end loop;
    end $$`);
    // Once a statement, not once a row: many tasks written at once cost one roll-up for each milestone.
    this.addSql(`create function follow_new_tasks() returns trigger language plpgsql as $$
    begin
      insert into task_events (task_id, number, project_id, milestone_id, status, is_deleted, created_at)
      select id, 1, project_id, milestone_id, status, deleted_at is not null, least(created_at, clock_timestamp()) from new_tasks;
      perform roll_up_milestones(array(select milestone_id from new_tasks));
      return null;
    end $$`);
    this.addSql(`create function follow_changed_tasks() returns trigger language plpgsql as $$
    begin
      insert into task_events (task_id, number, project_id, milestone_id, status, is_deleted, created_at)
      select n.id, coalesce((select max(number) from task_events where task_id = n.id), 0) + 1,
        n.project_id, n.milestone_id, n.status, n.deleted_at is not null, clock_timestamp()
      from old_tasks o join new_tasks n on n.id = o.id
      where (o.milestone_id, o.status, o.deleted_at is null) is distinct from (n.milestone_id, n.status, n.deleted_at is null);
      perform roll_up_milestones(array(
        select unnest(array[o.milestone_id, n.milestone_id]) from old_tasks o join new_tasks n on n.id = o.id
        where (o.milestone_id, o.status, o.deleted_at is null) is distinct from (n.milestone_id, n.status, n.deleted_at is null)
      ));
      return null;
    end $$`);
    this.addSql(`create function follow_removed_tasks() returns trigger language plpgsql as $$
    begin
      perform roll_up_milestones(array(select milestone_id from old_tasks));
      return null;
    end $$`);
    this.addSql(
      `create trigger "tasks_new" after insert on "tasks" referencing new table as new_tasks for each statement execute function follow_new_tasks()`,
    );
    this.addSql(
      `create trigger "tasks_changed" after update on "tasks" referencing old table as old_tasks new table as new_tasks for each statement execute function follow_changed_tasks()`,
    );
    this.addSql(
      `create trigger "tasks_removed" after delete on "tasks" referencing old table as old_tasks for each statement execute function follow_removed_tasks()`,
    );
    // They go only with their whole project: then it is the foreign key's trigger that deletes them.
    this.addSql(
      `create trigger "task_events_append_only" before update or delete on "task_events" when (pg_trigger_depth() = 0) execute function refuse_change()`,
    );
    this.addSql(
      `create trigger "task_events_no_truncate" before truncate on "task_events" execute function refuse_change()`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "task_reminders"`);
    this.addSql(`drop table "task_events"`);
    this.addSql(`drop table "task_dependencies"`);
    this.addSql(`drop table "tasks"`);
    this.addSql(`drop table "milestones"`);
    this.addSql(`drop function follow_removed_tasks()`);
    this.addSql(`drop function follow_changed_tasks()`);
    this.addSql(`drop function follow_new_tasks()`);
    this.addSql(`drop function roll_up_milestones(uuid[])`);
    this.addSql(`drop function keep_milestone_progress()`);
    this.addSql(`drop function milestone_progress(uuid)`);
    this.addSql(`drop type "priority_type"`);
    this.addSql(`drop type "task_status"`);
  }
}
