/** How what was deleted softly is removed for good. In all SQL here `t` is the row to go, `$1` the ids of a batch. */
export interface PurgePlan {
  table: string;
  /** While this holds, something still needs the row, be it deleted itself: it could be restored. */
  neededBy?: string;
  /** What no foreign key takes along. */
  first?: readonly string[];
  /** Rows of one transaction; less where much goes with each. */
  batch?: number;
}

/** What people said of a row. */
const threadsOn = (subject: string) =>
  `delete from comment_threads where subject_type = '${subject}' and subject_id = any($1::uuid[])`;

const busy = `j.status in ('pending', 'queued', 'running')`;

/** Every table with `deleted_at`, those first that refer to the later ones. */
export const purgePlans: readonly PurgePlan[] = [
  { table: 'comments' },
  { table: 'comment_threads' },
  { table: 'tasks', first: [threadsOn('task')] },
  { table: 'milestones', first: [threadsOn('milestone')] },
  { table: 'issues', first: [threadsOn('issue')] },
  { table: 'models', first: [threadsOn('model')] },
  {
    table: 'collections',
    neededBy: 'exists (select from model_collections where collection_id = t.id)',
    first: [threadsOn('collection')],
  },
  {
    table: 'fields',
    neededBy: `exists (select from model_fields where field_id = t.id)
      or exists (select from collection_fields where field_id = t.id)`,
    first: [threadsOn('field')],
  },
  {
    table: 'ontologies',
    neededBy: `exists (select from field_semantics s join ontology_classes c on c.id = s.class_id where c.ontology_id = t.id)`,
    first: [threadsOn('ontology')],
  },
  {
    table: 'vocabularies',
    neededBy: 'exists (select from fields where vocabulary_id = t.id)',
    first: [threadsOn('vocabulary')],
  },
  {
    table: 'categories',
    neededBy: `exists (select from categories where parent_id = t.id)
      or exists (select from fields where category_id = t.id)
      or exists (select from models where category_id = t.id)
      or exists (select from collections where category_id = t.id)`,
    first: [threadsOn('category')],
  },
  {
    table: 'branches',
    neededBy: `exists (select from releases where branch_id = t.id)
      or exists (select from commits own join commits other on own.id in (other.parent_id, other.second_parent_id)
        where own.branch_id = t.id and other.branch_id <> t.id)`,
  },
  {
    table: 'media_files',
    // Its bytes go first: see domain/media/keepHouse.ts.
    neededBy: `t.bytes_removed_at is null or t.upload_expires_at is not null or exists (select from media_files c where c.derived_from = t.id)
      or exists (select from media_jobs m join jobs j on j.id = m.id
        where t.id in (m.input_media_id, m.output_media_id) and ${busy})`,
  },
  { table: 'preview_sessions' },
  {
    table: 'projects',
    batch: 1,
    neededBy: `exists (select from jobs j where j.project_id = t.id and ${busy})
      or exists (select from media_files m where m.project_id = t.id
        and (m.bytes_removed_at is null or m.upload_expires_at is not null))`,
    first: [
      `delete from casbin_rules where ptype = 'g' and v2 in (select 'project:' || id from unnest($1::uuid[]) as id)`,
      `delete from events where stream in (select 'project:' || id from unnest($1::uuid[]) as id)`,
      `delete from streams where stream in (select 'project:' || id from unnest($1::uuid[]) as id)`,
    ],
  },
  {
    table: 'actors',
    neededBy: `exists (select from projects where owner_id = t.id)
      or exists (select from credits_history where user_id = t.id)
      or exists (select from credits_history where author_id = t.id)
      or exists (select from credit_holds where user_id = t.id)`,
    first: [
      `delete from casbin_rules where ptype = 'g' and v0 in (select 'user:' || id from unnest($1::uuid[]) as id)`,
    ],
  },
  { table: 'institutions', neededBy: 'exists (select from actors where institution_id = t.id)' },
];
