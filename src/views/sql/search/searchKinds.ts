/**
 * What the search finds: for each kind the permission by which its rows are read, where they lie, and the
 * expressions that are compared. Each expression is, to the letter, one that an index is made of
 * (migrations/20261121002000 and 5000): otherwise the whole table would be read.
 */
export interface SearchKind {
  /** Whoever may call this in a project finds its rows. */
  permission: string;
  /** `t` is the row, `o` what it is part of. */
  from: string;
  /** What must hold of the row, besides its project's being visible. */
  condition: string;
  /** The id by which clients open it, and what it is part of (null: nothing but its project). */
  parent: string | null;
  /** Project of the row, by an indexed column where there is one. */
  projectId: string;
  /** Compared with what was searched for; null: it has none. */
  identifier: string | null;
  name: string;
  /** Name in lower case as its index has it; null: no index, so names are not looked up by their beginning. */
  prefix: string | null;
  /** The tsvector; null: it has no text besides its name. */
  vector: string | null;
  description: string;
  /** Whether there may be millions. */
  isLarge?: boolean;
}

const kept = 't.deleted_at is null';

/** Names and identifiers weigh more than descriptions. No stop words and no stemming: texts are in many languages. */
const vectorOf = (name: string, text: string) =>
  `(setweight(to_tsvector('simple'::regconfig, ${name}), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, ${text}), 'B'::"char"))`;

const named = `(((t.name)::text || ' '::text) || (t.identifier)::text)`;

const base = {
  condition: kept,
  parent: null,
  projectId: 't.project_id',
  description: 't.description',
};

const pattern = (table: string): SearchKind => ({
  ...base,
  permission: `${table}.list`,
  from: `${table} t`,
  identifier: 't.identifier',
  name: 't.name',
  prefix: 'lower((t.name)::text)',
  vector: 't.search',
  isLarge: true,
});

/** Small tables of nouns: categories, ontologies, vocabularies. */
const noun = (table: string): SearchKind => ({
  ...pattern(table),
  isLarge: false,
  vector: vectorOf(named, 't.description'),
});

/** What belongs to a project through another row. */
const part = (table: string, owner: string, key: string) => ({
  permission: `${owner}.list`,
  from: `${table} t join ${owner} o on o.id = t.${key}`,
  condition: 'o.deleted_at is null',
  parent: `t.${key}`,
  projectId: 'o.project_id',
  name: 't.name',
  prefix: 'lower((t.name)::text)',
  description: 't.description',
});

const work = (table: string, text: string): SearchKind => ({
  ...base,
  permission: `${table}.list`,
  from: `${table} t`,
  identifier: null,
  name: 't.title',
  prefix: 'lower((t.title)::text)',
  vector: vectorOf('(t.title)::text', text),
  description: text,
});

export const searchKinds = {
  project: {
    ...noun('projects'),
    permission: 'projects.get',
    from: 'projects t',
    projectId: 't.id',
  },
  field: pattern('fields'),
  model: pattern('models'),
  collection: pattern('collections'),
  category: noun('categories'),
  ontology: noun('ontologies'),
  ontologyClass: {
    ...part('ontology_classes', 'ontologies', 'ontology_id'),
    identifier: 't.uri',
    vector: vectorOf(`(((t.name)::text || ' '::text) || (t.uri)::text)`, 't.description'),
  },
  vocabulary: noun('vocabularies'),
  vocabularyTerm: {
    ...part('vocabulary_terms', 'vocabularies', 'vocabulary_id'),
    identifier: 't.identifier',
    vector: vectorOf(named, 't.description'),
  },
  /** Found by its number too, with `#` before it or without. */
  issue: { ...work('issues', 't.body'), identifier: 't.number' },
  task: work('tasks', 't.description'),
  milestone: work('milestones', 't.description'),
  thread: {
    ...work('comment_threads', `''`),
    permission: 'threads.list',
    condition: 't.deleted_at is null and t.title is not null',
    vector: `to_tsvector('simple'::regconfig, (t.title)::text)`,
  },
  comment: {
    permission: 'comments.list',
    from: 'comments t join comment_threads o on o.id = t.thread_id',
    condition: 't.deleted_at is null and o.deleted_at is null',
    parent: 't.thread_id',
    projectId: 'o.project_id',
    identifier: null,
    name: `coalesce(o.title, '')`,
    prefix: null,
    vector: `to_tsvector('simple'::regconfig, t.body)`,
    description: 't.body',
  },
  file: {
    permission: 'repositories.files',
    from: 'source_files t',
    // Of the latest version only: what is gone keeps its row.
    condition:
      't.manifest_id = (select m.id from project_manifests m where m.project_id = t.project_id order by m.version desc limit 1)',
    parent: null,
    projectId: 't.project_id',
    identifier: 't.file_path',
    name: 't.file_path',
    prefix: null,
    vector: null,
    description: `''`,
  },
} satisfies Record<string, SearchKind>;

export type SearchKindName = keyof typeof searchKinds;
export const searchKindNames = Object.keys(searchKinds) as [SearchKindName, ...SearchKindName[]];
