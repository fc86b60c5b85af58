import { Migration } from '@mikro-orm/migrations';

export class Migration20261121002100 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`create type "cardinality" as enum ('1', '*', '+', '?')`);
    this.addSql(`create type "semantic_relation" as enum ('domain', 'property', 'range')`);
    this.addSql(`create table "model_fields" (
      "model_id" uuid not null,
      "field_id" uuid not null,
      "cardinality" "cardinality" not null default '*',
      "required" boolean not null default false,
      "order_index" int not null,
      primary key ("model_id", "field_id")
    )`);
    this.addSql(`create index "model_fields_field_id_index" on "model_fields" ("field_id")`);
    this.addSql(
      `alter table "model_fields" add constraint "model_fields_order_not_negative" check (order_index >= 0)`,
    );
    this.addSql(
      `alter table "model_fields" add constraint "model_fields_required_by_cardinality" check (required = (cardinality = '1' or cardinality = '+'))`,
    );
    this.addSql(`create table "model_collections" (
      "model_id" uuid not null,
      "collection_id" uuid not null,
      "order_index" int not null,
      primary key ("model_id", "collection_id")
    )`);
    this.addSql(
      `create index "model_collections_collection_id_index" on "model_collections" ("collection_id")`,
    );
    this.addSql(
      `alter table "model_collections" add constraint "model_collections_order_not_negative" check (order_index >= 0)`,
    );
    this.addSql(`create table "collection_fields" (
      "collection_id" uuid not null,
      "field_id" uuid not null,
      "cardinality" "cardinality" not null default '*',
      "required" boolean not null default false,
      "order_index" int not null,
      primary key ("collection_id", "field_id")
    )`);
    this.addSql(`create index "collection_fields_field_id_index" on "collection_fields" ("field_id")`);
    this.addSql(
      `alter table "collection_fields" add constraint "collection_fields_order_not_negative" check (order_index >= 0)`,
    );
    this.addSql(
      `alter table "collection_fields" add constraint "collection_fields_required_by_cardinality" check (required = (cardinality = '1' or cardinality = '+'))`,
    );
    this.addSql(`create table "field_semantics" (
      "field_id" uuid not null,
      "class_id" uuid not null,
      "relation" "semantic_relation" not null,
      "order_index" int not null,
      primary key ("field_id", "class_id", "relation")
    )`);
    this.addSql(`create index "field_semantics_class_id_index" on "field_semantics" ("class_id")`);
    this.addSql(
      `alter table "field_semantics" add constraint "field_semantics_order_not_negative" check (order_index >= 0)`,
    );
    this.addSql(`create table "project_fields" (
      "project_id" uuid not null,
      "field_id" uuid not null,
      "metadata" jsonb not null default '{}',
      "added_by" uuid null,
      "added_at" timestamptz(3) not null default now(),
      "adopted_id" uuid not null,
      primary key ("project_id", "field_id")
    )`);
    this.addSql(`create index "project_fields_field_id_index" on "project_fields" ("field_id")`);
    this.addSql(`create index "project_fields_added_by_index" on "project_fields" ("added_by")`);
    this.addSql(`create index "project_fields_adopted_id_index" on "project_fields" ("adopted_id")`);
    this.addSql(`create table "project_models" (
      "project_id" uuid not null,
      "model_id" uuid not null,
      "metadata" jsonb not null default '{}',
      "added_by" uuid null,
      "added_at" timestamptz(3) not null default now(),
      "adopted_id" uuid not null,
      primary key ("project_id", "model_id")
    )`);
    this.addSql(`create index "project_models_model_id_index" on "project_models" ("model_id")`);
    this.addSql(`create index "project_models_added_by_index" on "project_models" ("added_by")`);
    this.addSql(`create index "project_models_adopted_id_index" on "project_models" ("adopted_id")`);
    this.addSql(`create table "project_collections" (
      "project_id" uuid not null,
      "collection_id" uuid not null,
      "metadata" jsonb not null default '{}',
      "added_by" uuid null,
      "added_at" timestamptz(3) not null default now(),
      "adopted_id" uuid not null,
      primary key ("project_id", "collection_id")
    )`);
    this.addSql(
      `create index "project_collections_collection_id_index" on "project_collections" ("collection_id")`,
    );
    this.addSql(`create index "project_collections_added_by_index" on "project_collections" ("added_by")`);
    this.addSql(
      `create index "project_collections_adopted_id_index" on "project_collections" ("adopted_id")`,
    );
    this.addSql(`create table "project_ontologies" (
      "project_id" uuid not null,
      "ontology_id" uuid not null,
      "metadata" jsonb not null default '{}',
      "added_by" uuid null,
      "added_at" timestamptz(3) not null default now(),
      "adopted_id" uuid not null,
      primary key ("project_id", "ontology_id")
    )`);
    this.addSql(
      `create index "project_ontologies_ontology_id_index" on "project_ontologies" ("ontology_id")`,
    );
    this.addSql(`create index "project_ontologies_added_by_index" on "project_ontologies" ("added_by")`);
    this.addSql(`create index "project_ontologies_adopted_id_index" on "project_ontologies" ("adopted_id")`);
    this.addSql(
      `alter table "model_fields" add constraint "model_fields_model_id_foreign" foreign key ("model_id") references "models" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "model_fields" add constraint "model_fields_field_id_foreign" foreign key ("field_id") references "fields" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "model_collections" add constraint "model_collections_model_id_foreign" foreign key ("model_id") references "models" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "model_collections" add constraint "model_collections_collection_id_foreign" foreign key ("collection_id") references "collections" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "collection_fields" add constraint "collection_fields_collection_id_foreign" foreign key ("collection_id") references "collections" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "collection_fields" add constraint "collection_fields_field_id_foreign" foreign key ("field_id") references "fields" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "field_semantics" add constraint "field_semantics_field_id_foreign" foreign key ("field_id") references "fields" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "field_semantics" add constraint "field_semantics_class_id_foreign" foreign key ("class_id") references "ontology_classes" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "project_fields" add constraint "project_fields_project_id_foreign" foreign key ("project_id") references "projects" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_fields" add constraint "project_fields_field_id_foreign" foreign key ("field_id") references "fields" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_fields" add constraint "project_fields_added_by_foreign" foreign key ("added_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "project_fields" add constraint "project_fields_adopted_id_foreign" foreign key ("adopted_id") references "fields" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "project_models" add constraint "project_models_project_id_foreign" foreign key ("project_id") references "projects" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_models" add constraint "project_models_model_id_foreign" foreign key ("model_id") references "models" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_models" add constraint "project_models_added_by_foreign" foreign key ("added_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "project_models" add constraint "project_models_adopted_id_foreign" foreign key ("adopted_id") references "models" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "project_collections" add constraint "project_collections_project_id_foreign" foreign key ("project_id") references "projects" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_collections" add constraint "project_collections_collection_id_foreign" foreign key ("collection_id") references "collections" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_collections" add constraint "project_collections_added_by_foreign" foreign key ("added_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "project_collections" add constraint "project_collections_adopted_id_foreign" foreign key ("adopted_id") references "collections" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "project_ontologies" add constraint "project_ontologies_project_id_foreign" foreign key ("project_id") references "projects" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_ontologies" add constraint "project_ontologies_ontology_id_foreign" foreign key ("ontology_id") references "ontologies" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "project_ontologies" add constraint "project_ontologies_added_by_foreign" foreign key ("added_by") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "project_ontologies" add constraint "project_ontologies_adopted_id_foreign" foreign key ("adopted_id") references "ontologies" ("id") on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "project_ontologies"`);
    this.addSql(`drop table "project_collections"`);
    this.addSql(`drop table "project_models"`);
    this.addSql(`drop table "project_fields"`);
    this.addSql(`drop table "field_semantics"`);
    this.addSql(`drop table "collection_fields"`);
    this.addSql(`drop table "model_collections"`);
    this.addSql(`drop table "model_fields"`);
    this.addSql(`drop type "semantic_relation"`);
    this.addSql(`drop type "cardinality"`);
  }
}
