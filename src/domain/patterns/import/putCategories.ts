import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../../database/executePrepared.ts';
import { firstFree, identifierOf } from '../identifier.ts';
import { keepHistory } from '../sql/keepHistory.ts';
import { normalizeText } from './normalizeKey.ts';

interface Found {
  id: string;
  name: string;
  identifier: string;
}

const find = `
select id, name, identifier from categories where project_id = $1 and deleted_at is null order by created_at, id`;

const insert = `
insert into categories (id, project_id, author_id, name, identifier)
select id, $1::uuid, $2::uuid, name, identifier
from jsonb_to_recordset($3::jsonb) as c (id uuid, name text, identifier text)`;

/** Categories that are yet to be made, of the names that rows give; and the ids of those that are there. */
export interface CategoryPlan {
  /** Normalised name → id. */
  ids: Map<string, string>;
  missing: Found[];
}

/** Finds the categories of these names; what differs only in case and white space is one. */
export async function planCategories(
  em: EntityManager,
  projectId: string,
  names: Iterable<string>,
): Promise<CategoryPlan> {
  const found = await executePrepared<Found>(em, find, [projectId]);
  const ids = new Map<string, string>();
  for (const { id, name } of found) {
    const key = normalizeText(name);
    if (!ids.has(key)) ids.set(key, id);
  }
  const taken = new Set(found.map((category) => category.identifier));
  const missing: Found[] = [];
  // Sorted, so that neither names nor identifiers depend on the order of the rows.
  for (const name of [...new Set(names)].toSorted()) {
    const key = normalizeText(name);
    if (ids.has(key)) continue;
    const identifier = firstFree(identifierOf(name, 'category'), taken);
    taken.add(identifier);
    const category = { id: uuidv7(), name, identifier };
    ids.set(key, category.id);
    missing.push(category);
  }
  return { ids, missing };
}

/** Makes the categories that are missing, as roots of the tree. */
export async function insertCategories(
  em: EntityManager,
  of: { projectId: string; actorId: string | null },
  missing: readonly Found[],
): Promise<void> {
  if (missing.length === 0) return;
  await executePrepared(em, insert, [of.projectId, of.actorId, JSON.stringify(missing)]);
  await keepHistory(
    em,
    'category',
    missing.map((category) => category.id),
    'create',
  );
}
