import { Migration } from '@mikro-orm/migrations';

/** Name and identifier count more than the description; no stop words and no stemming, for texts are in many languages. */
const search = `(setweight(to_tsvector('simple'::regconfig, (((name)::text || ' '::text) || (identifier)::text)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, description), 'B'::"char"))`;

/**
 * Trigrams find misspelt names. The extension comes with PostgreSQL's contrib modules; an own server may lack
 * it, or not let this role create it, and then says what to do. The comment tells whose it is, for the way down.
 */
const createTrigrams = `do $$
begin
  if exists (select from pg_extension where extname = 'pg_trgm') then
    return;
  end if;
  if not exists (select from pg_available_extensions where name = 'pg_trgm') then
    raise exception 'This PostgreSQL server does not have the extension pg_trgm, which the search needs. Install its contrib modules (the package postgresql-contrib), then start again.'
      using errcode = 'feature_not_supported';
  end if;
  begin
    create extension pg_trgm schema public;
  exception when insufficient_privilege then
    raise exception 'The search needs the extension pg_trgm, which the role % may not create. Let an administrator of the server run "create extension pg_trgm" in the database %, then start again.', current_user, current_database()
      using errcode = 'insufficient_privilege';
  end;
  comment on extension pg_trgm is 'created by Tessera';
end $$`;

/** Leaves an extension alone that was there before. */
const dropTrigrams = `do $$
begin
  if exists (
    select from pg_extension e
    where e.extname = 'pg_trgm' and obj_description(e.oid, 'pg_extension') = 'created by Tessera'
  ) then
    drop extension pg_trgm;
  end if;
end $$`;

export class Migration20261121002000 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(createTrigrams);
    this.addSql(`create type "ontology_class_kind" as enum ('class', 'property')`);
    this.addSql(`create table "categories" (
      "id" uuid not null,
      "project_id" uuid not null,
      "parent_id" uuid null,
      "name" varchar(255) not null,
      "identifier" varchar(255) not null,
      "description" text not null default '',
      "author_id" uuid null,
      "metadata" jsonb not null default '{}',
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "categories_parent_id_index" on "categories" ("parent_id")`);
    this.addSql(`create index "categories_author_id_index" on "categories" ("author_id")`);
    this.addSql(
      `create index "categories_project_id_created_at_index" on "categories" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "categories_identifier_unique" on "categories" ("project_id", "identifier") where "deleted_at" is null`,
    );
    this.addSql(
      `alter table "categories" add constraint "categories_not_own_parent" check (parent_id <> id)`,
    );
    this.addSql(`create table "ontologies" (
      "id" uuid not null,
      "project_id" uuid not null,
      "name" varchar(255) not null,
      "identifier" varchar(255) not null,
      "description" text not null default '',
      "uri" varchar(500) null,
      "prefix" varchar(50) null,
      "author_id" uuid null,
      "metadata" jsonb not null default '{}',
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "ontologies_author_id_index" on "ontologies" ("author_id")`);
    this.addSql(
      `create index "ontologies_project_id_created_at_index" on "ontologies" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "ontologies_identifier_unique" on "ontologies" ("project_id", "identifier") where "deleted_at" is null`,
    );
    this.addSql(`create table "ontology_classes" (
      "id" uuid not null,
      "ontology_id" uuid not null,
      "kind" "ontology_class_kind" not null default 'class',
      "name" varchar(255) not null,
      "uri" varchar(500) not null,
      "description" text not null default '',
      "metadata" jsonb not null default '{}',
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(
      `create index "ontology_classes_ontology_id_created_at_index" on "ontology_classes" ("ontology_id", "created_at", "id")`,
    );
    this.addSql(
      `alter table "ontology_classes" add constraint "ontology_classes_uri_unique" unique ("ontology_id", "uri")`,
    );
    this.addSql(`create table "vocabularies" (
      "id" uuid not null,
      "project_id" uuid not null,
      "name" varchar(255) not null,
      "identifier" varchar(255) not null,
      "description" text not null default '',
      "uri" varchar(500) null,
      "author_id" uuid null,
      "metadata" jsonb not null default '{}',
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "vocabularies_author_id_index" on "vocabularies" ("author_id")`);
    this.addSql(
      `create index "vocabularies_project_id_created_at_index" on "vocabularies" ("project_id", "created_at", "id")`,
    );
    this.addSql(
      `create unique index "vocabularies_identifier_unique" on "vocabularies" ("project_id", "identifier") where "deleted_at" is null`,
    );
    this.addSql(`create table "vocabulary_terms" (
      "id" uuid not null,
      "vocabulary_id" uuid not null,
      "broader_id" uuid null,
      "name" varchar(255) not null,
      "identifier" varchar(255) not null,
      "description" text not null default '',
      "uri" varchar(500) null,
      "metadata" jsonb not null default '{}',
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`);
    this.addSql(`create index "vocabulary_terms_broader_id_index" on "vocabulary_terms" ("broader_id")`);
    this.addSql(
      `create index "vocabulary_terms_vocabulary_id_created_at_index" on "vocabulary_terms" ("vocabulary_id", "created_at", "id")`,
    );
    this.addSql(
      `alter table "vocabulary_terms" add constraint "vocabulary_terms_identifier_unique" unique ("vocabulary_id", "identifier")`,
    );
    this.addSql(
      `alter table "vocabulary_terms" add constraint "vocabulary_terms_not_own_broader" check (broader_id <> id)`,
    );
    this.addSql(`create table "fields" (
      "id" uuid not null,
      "project_id" uuid not null,
      "name" varchar(255) not null,
      "identifier" varchar(255) not null,
      "description" text not null default '',
      "uri" varchar(500) null,
      "rdf_type" varchar(255) null,
      "ontology_path" varchar(500) null,
      "category_id" uuid null,
      "author_id" uuid null,
      "metadata" jsonb not null default '{}',
      "original_data" jsonb null,
      "import_key" varchar(32) null,
      "search" tsvector generated always as (${search}) stored,
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      "vocabulary_id" uuid null,
      primary key ("id")
    )`);
    this.addSql(`create index "fields_category_id_index" on "fields" ("category_id")`);
    this.addSql(`create index "fields_author_id_index" on "fields" ("author_id")`);
    this.addSql(`create index "fields_vocabulary_id_index" on "fields" ("vocabulary_id")`);
    this.addSql(
      `create index "fields_project_id_created_at_index" on "fields" ("project_id", "created_at", "id")`,
    );
    this.addSql(`create index "fields_identifier_index" on "fields" ("identifier")`);
    this.addSql(`create index "fields_name_project_id_index" on "fields" ("name", "project_id")`);
    this.addSql(`create index "fields_search_index" on "fields" using gin ("search")`);
    this.addSql(
      `create index "fields_trigram_index" on "fields" using gin ("name" gin_trgm_ops, "identifier" gin_trgm_ops)`,
    );
    this.addSql(
      `create unique index "fields_identifier_unique" on "fields" ("project_id", "identifier") where "deleted_at" is null`,
    );
    this.addSql(
      `create unique index "fields_import_key_unique" on "fields" ("project_id", "import_key") where "deleted_at" is null and "import_key" is not null`,
    );
    this.addSql(`create table "models" (
      "id" uuid not null,
      "project_id" uuid not null,
      "name" varchar(255) not null,
      "identifier" varchar(255) not null,
      "description" text not null default '',
      "uri" varchar(500) null,
      "rdf_type" varchar(255) null,
      "ontology_path" varchar(500) null,
      "category_id" uuid null,
      "author_id" uuid null,
      "metadata" jsonb not null default '{}',
      "original_data" jsonb null,
      "import_key" varchar(32) null,
      "search" tsvector generated always as (${search}) stored,
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "models_category_id_index" on "models" ("category_id")`);
    this.addSql(`create index "models_author_id_index" on "models" ("author_id")`);
    this.addSql(
      `create index "models_project_id_created_at_index" on "models" ("project_id", "created_at", "id")`,
    );
    this.addSql(`create index "models_identifier_index" on "models" ("identifier")`);
    this.addSql(`create index "models_name_project_id_index" on "models" ("name", "project_id")`);
    this.addSql(`create index "models_search_index" on "models" using gin ("search")`);
    this.addSql(
      `create index "models_trigram_index" on "models" using gin ("name" gin_trgm_ops, "identifier" gin_trgm_ops)`,
    );
    this.addSql(
      `create unique index "models_identifier_unique" on "models" ("project_id", "identifier") where "deleted_at" is null`,
    );
    this.addSql(
      `create unique index "models_import_key_unique" on "models" ("project_id", "import_key") where "deleted_at" is null and "import_key" is not null`,
    );
    this.addSql(`create table "collections" (
      "id" uuid not null,
      "project_id" uuid not null,
      "name" varchar(255) not null,
      "identifier" varchar(255) not null,
      "description" text not null default '',
      "uri" varchar(500) null,
      "rdf_type" varchar(255) null,
      "ontology_path" varchar(500) null,
      "category_id" uuid null,
      "author_id" uuid null,
      "metadata" jsonb not null default '{}',
      "original_data" jsonb null,
      "import_key" varchar(32) null,
      "search" tsvector generated always as (${search}) stored,
      "row_version" int not null default 1,
      "created_at" timestamptz(3) not null default now(),
      "updated_at" timestamptz(3) not null default now(),
      "deleted_at" timestamptz(3) null,
      primary key ("id")
    )`);
    this.addSql(`create index "collections_category_id_index" on "collections" ("category_id")`);
    this.addSql(`create index "collections_author_id_index" on "collections" ("author_id")`);
    this.addSql(
      `create index "collections_project_id_created_at_index" on "collections" ("project_id", "created_at", "id")`,
    );
    this.addSql(`create index "collections_identifier_index" on "collections" ("identifier")`);
    this.addSql(`create index "collections_name_project_id_index" on "collections" ("name", "project_id")`);
    this.addSql(`create index "collections_search_index" on "collections" using gin ("search")`);
    this.addSql(
      `create index "collections_trigram_index" on "collections" using gin ("name" gin_trgm_ops, "identifier" gin_trgm_ops)`,
    );
    this.addSql(
      `create unique index "collections_identifier_unique" on "collections" ("project_id", "identifier") where "deleted_at" is null`,
    );
    this.addSql(
      `create unique index "collections_import_key_unique" on "collections" ("project_id", "import_key") where "deleted_at" is null and "import_key" is not null`,
    );
    this.addSql(
      `alter table "categories" add constraint "categories_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "categories" add constraint "categories_parent_id_foreign" foreign key ("parent_id") references "categories" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "categories" add constraint "categories_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "ontologies" add constraint "ontologies_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "ontologies" add constraint "ontologies_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "ontology_classes" add constraint "ontology_classes_ontology_id_foreign" foreign key ("ontology_id") references "ontologies" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "vocabularies" add constraint "vocabularies_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "vocabularies" add constraint "vocabularies_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "vocabulary_terms" add constraint "vocabulary_terms_vocabulary_id_foreign" foreign key ("vocabulary_id") references "vocabularies" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "vocabulary_terms" add constraint "vocabulary_terms_broader_id_foreign" foreign key ("broader_id") references "vocabulary_terms" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "fields" add constraint "fields_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "fields" add constraint "fields_category_id_foreign" foreign key ("category_id") references "categories" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "fields" add constraint "fields_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "fields" add constraint "fields_vocabulary_id_foreign" foreign key ("vocabulary_id") references "vocabularies" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "models" add constraint "models_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "models" add constraint "models_category_id_foreign" foreign key ("category_id") references "categories" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "models" add constraint "models_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "collections" add constraint "collections_project_id_foreign" foreign key ("project_id") references "projects" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "collections" add constraint "collections_category_id_foreign" foreign key ("category_id") references "categories" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "collections" add constraint "collections_author_id_foreign" foreign key ("author_id") references "actors" ("id") on delete set null`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop table "collections"`);
    this.addSql(`drop table "models"`);
    this.addSql(`drop table "fields"`);
    this.addSql(`drop table "vocabulary_terms"`);
    this.addSql(`drop table "vocabularies"`);
    this.addSql(`drop table "ontology_classes"`);
    this.addSql(`drop table "ontologies"`);
    this.addSql(`drop table "categories"`);
    this.addSql(`drop type "ontology_class_kind"`);
    this.addSql(dropTrigrams);
  }
}
