import { Migration } from '@mikro-orm/migrations';

export class Migration20261121002200 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "history_action" as enum ('create', 'update', 'delete', 'restore')`);
    this.addSql(`create table "field_history" (
      "id" uuid not null,
      "version" int not null,
      "action" "history_action" not null,
      "changed_by" uuid null,
      "state" jsonb not null,
      "diff" jsonb not null default '{}',
      "created_at" timestamptz(3) not null default now(),
      "field_id" uuid not null,
      primary key ("id")
    )`);
    this.addSql(`create index "field_history_changed_by_index" on "field_history" ("changed_by")`);
    this.addSql(
      `create index "field_history_created_at_index" on "field_history" ("field_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "field_history_version_unique" on "field_history" ("field_id", "version")`,
    );
    this.addSql(`create table "model_history" (
      "id" uuid not null,
      "version" int not null,
      "action" "history_action" not null,
      "changed_by" uuid null,
      "state" jsonb not null,
      "diff" jsonb not null default '{}',
      "created_at" timestamptz(3) not null default now(),
      "model_id" uuid not null,
      primary key ("id")
    )`);
    this.addSql(`create index "model_history_changed_by_index" on "model_history" ("changed_by")`);
    this.addSql(
      `create index "model_history_created_at_index" on "model_history" ("model_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "model_history_version_unique" on "model_history" ("model_id", "version")`,
    );
    this.addSql(`create table "collection_history" (
      "id" uuid not null,
      "version" int not null,
      "action" "history_action" not null,
      "changed_by" uuid null,
      "state" jsonb not null,
      "diff" jsonb not null default '{}',
      "created_at" timestamptz(3) not null default now(),
      "collection_id" uuid not null,
      primary key ("id")
    )`);
    this.addSql(`create index "collection_history_changed_by_index" on "collection_history" ("changed_by")`);
    this.addSql(
      `create index "collection_history_created_at_index" on "collection_history" ("collection_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "collection_history_version_unique" on "collection_history" ("collection_id", "version")`,
    );
    this.addSql(`create table "category_history" (
      "id" uuid not null,
      "version" int not null,
      "action" "history_action" not null,
      "changed_by" uuid null,
      "state" jsonb not null,
      "diff" jsonb not null default '{}',
      "created_at" timestamptz(3) not null default now(),
      "category_id" uuid not null,
      primary key ("id")
    )`);
    this.addSql(`create index "category_history_changed_by_index" on "category_history" ("changed_by")`);
    this.addSql(
      `create index "category_history_created_at_index" on "category_history" ("category_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "category_history_version_unique" on "category_history" ("category_id", "version")`,
    );
    this.addSql(`create table "ontology_history" (
      "id" uuid not null,
      "version" int not null,
      "action" "history_action" not null,
      "changed_by" uuid null,
      "state" jsonb not null,
      "diff" jsonb not null default '{}',
      "created_at" timestamptz(3) not null default now(),
      "ontology_id" uuid not null,
      primary key ("id")
    )`);
    this.addSql(`create index "ontology_history_changed_by_index" on "ontology_history" ("changed_by")`);
    this.addSql(
      `create index "ontology_history_created_at_index" on "ontology_history" ("ontology_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "ontology_history_version_unique" on "ontology_history" ("ontology_id", "version")`,
    );
    this.addSql(`create table "vocabulary_history" (
      "id" uuid not null,
      "version" int not null,
      "action" "history_action" not null,
      "changed_by" uuid null,
      "state" jsonb not null,
      "diff" jsonb not null default '{}',
      "created_at" timestamptz(3) not null default now(),
      "vocabulary_id" uuid not null,
      primary key ("id")
    )`);
    this.addSql(`create index "vocabulary_history_changed_by_index" on "vocabulary_history" ("changed_by")`);
    this.addSql(
      `create index "vocabulary_history_created_at_index" on "vocabulary_history" ("vocabulary_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "vocabulary_history_version_unique" on "vocabulary_history" ("vocabulary_id", "version")`,
    );
    this.addSql(
      `alter table "field_history" add constraint "field_history_changed_by_foreign" foreign key ("changed_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "field_history" add constraint "field_history_field_id_foreign" foreign key ("field_id") references "fields" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "model_history" add constraint "model_history_changed_by_foreign" foreign key ("changed_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "model_history" add constraint "model_history_model_id_foreign" foreign key ("model_id") references "models" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "collection_history" add constraint "collection_history_changed_by_foreign" foreign key ("changed_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "collection_history" add constraint "collection_history_collection_id_foreign" foreign key ("collection_id") references "collections" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "category_history" add constraint "category_history_changed_by_foreign" foreign key ("changed_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "category_history" add constraint "category_history_category_id_foreign" foreign key ("category_id") references "categories" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "ontology_history" add constraint "ontology_history_changed_by_foreign" foreign key ("changed_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "ontology_history" add constraint "ontology_history_ontology_id_foreign" foreign key ("ontology_id") references "ontologies" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "vocabulary_history" add constraint "vocabulary_history_changed_by_foreign" foreign key ("changed_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "vocabulary_history" add constraint "vocabulary_history_vocabulary_id_foreign" foreign key ("vocabulary_id") references "vocabularies" ("id") on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "vocabulary_history"`);
    this.addSql(`drop table "ontology_history"`);
    this.addSql(`drop table "category_history"`);
    this.addSql(`drop table "collection_history"`);
    this.addSql(`drop table "model_history"`);
    this.addSql(`drop table "field_history"`);
    this.addSql(`drop type "history_action"`);
  }
}
