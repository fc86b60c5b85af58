import type pg from 'pg';
import type { HistoryView } from '../../patterns.ts';

const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

/** Keys by which versions refer to something else of the project. */
const keys = new Set(['fieldId', 'collectionId', 'categoryId', 'parentId', 'vocabularyId', 'broaderId']);

/** Ids below such keys, at any depth. */
function findIds(value: unknown, isReference: boolean, found: Set<string>): void {
  if (isReference && isId(value)) found.add(value);
  if (typeof value !== 'object' || value === null) return;
  // A diff has the old and the new value below the key.
  for (const [key, inner] of Object.entries(value))
    findIds(inner, keys.has(key) || (isReference && (key === 'old' || key === 'new')), found);
}

const query = `
select id, name from fields where project_id = $1 and id = any($2)
union all select id, name from collections where project_id = $1 and id = any($2)
union all select id, name from categories where project_id = $1 and id = any($2)
union all select id, name from vocabularies where project_id = $1 and id = any($2)
union all select t.id, t.name from vocabulary_terms t join vocabularies v on v.id = t.vocabulary_id
  where v.project_id = $1 and t.id = any($2)`;

/** The versions with the names of what their changes refer to, as they are now; what was purged has none. */
export async function nameReferences(
  reads: pg.Pool,
  projectId: string,
  versions: readonly Omit<HistoryView, 'names'>[],
): Promise<HistoryView[]> {
  const found = versions.map(({ changes }) => {
    const ids = new Set<string>();
    findIds(changes, false, ids);
    return ids;
  });
  const ids = new Set(found.flatMap((each) => [...each]));
  if (ids.size === 0) return versions.map((version) => ({ ...version, names: {} }));
  const { rows } = await reads.query<{ id: string; name: string }>({
    name: 'name references of history',
    text: query,
    values: [projectId, [...ids]],
  });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return versions.map((version, index) => {
    const own = [...(found[index] ?? [])].flatMap((id) => {
      const name = names.get(id);
      return name === undefined ? [] : [[id, name] as const];
    });
    return { ...version, names: Object.fromEntries(own) };
  });
}
