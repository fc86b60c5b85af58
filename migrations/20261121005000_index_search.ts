import { Migration } from '@mikro-orm/migrations';

/** The expressions stand in src/views/sql/search/searchKinds.ts too, to the letter: otherwise no index is used. */
const vector = (name: string, text: string) =>
  `(setweight(to_tsvector('simple'::regconfig, ${name}), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, ${text}), 'B'::"char"))`;
const named = (label: string) => `(((name)::text || ' '::text) || (${label})::text)`;

interface Searched {
  name: 'name' | 'title';
  /** null: it is there already. */
  vector: string | null;
  identifier?: string;
  where?: string;
}

const kept = 'deleted_at is null';
const noun = { name: 'name', vector: vector(named('identifier'), 'description'), where: kept } as const;
const work = { name: 'title', vector: vector('(title)::text', 'description'), where: kept } as const;
const pattern = { name: 'name', vector: null, where: kept } as const;

const tables: Record<string, Searched> = {
  projects: noun,
  fields: pattern,
  models: pattern,
  collections: pattern,
  categories: { ...noun, identifier: 'identifier' },
  ontologies: { ...noun, identifier: 'identifier' },
  ontology_classes: { name: 'name', vector: vector(named('uri'), 'description'), identifier: 'uri' },
  vocabularies: { ...noun, identifier: 'identifier' },
  vocabulary_terms: {
    name: 'name',
    vector: vector(named('identifier'), 'description'),
    identifier: 'identifier',
  },
  issues: { ...work, vector: vector('(title)::text', 'body'), identifier: 'number' },
  tasks: work,
  milestones: work,
  comment_threads: {
    name: 'title',
    vector: `to_tsvector('simple'::regconfig, (title)::text)`,
    where: 'deleted_at is null and title is not null',
  },
};
/** Their projects tell them apart, so that the prefix finds the caller's own without reading the rest. */
const inProject = new Set(['fields', 'models', 'collections']);

export class Migration20261121005000 extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    for (const [table, { name, vector: expression, identifier, where }] of Object.entries(tables)) {
      const condition = where ? ` where ${where}` : '';
      const beginning = `lower((${name})::text) text_pattern_ops${inProject.has(table) ? ', "project_id"' : ''}`;
      this.addSql(`create index "${table}_prefix_index" on "${table}" (${beginning})${condition}`);
      if (identifier)
        this.addSql(`create index "${table}_${identifier}_index" on "${table}" ("${identifier}")`);
      if (expression)
        this.addSql(
          `create index "${table}_search_index" on "${table}" using gin (${expression})${condition}`,
        );
    }
    this.addSql(
      `create index "comments_search_index" on "comments" using gin (to_tsvector('simple'::regconfig, body)) where deleted_at is null`,
    );
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '5s'`);
    this.addSql(`drop index "comments_search_index"`);
    for (const [table, { vector: expression, identifier }] of Object.entries(tables).toReversed()) {
      if (expression) this.addSql(`drop index "${table}_search_index"`);
      if (identifier) this.addSql(`drop index "${table}_${identifier}_index"`);
      this.addSql(`drop index "${table}_prefix_index"`);
    }
  }
}
