import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { type Noun, nouns } from '../../entities/patterns/nouns.ts';
import { fail } from '../../errors.ts';

export interface HeldRow {
  id: string;
  name: string;
  identifier: string;
}

/**
 * Rows of the project that something else is about to refer to: none of them is deleted until the transaction
 * is over. In the order of their ids, so that two callers cannot wait for each other.
 * @throws NOT_FOUND unless the project has all of them, not deleted.
 */
export async function holdRows(
  em: EntityManager,
  noun: Noun,
  projectId: string,
  ids: readonly string[],
): Promise<Map<string, HeldRow>> {
  if (ids.length === 0) return new Map();
  const rows = await executePrepared<HeldRow>(
    em,
    `select id, name, identifier from ${nouns[noun].table}
     where project_id = $1 and id = any($2::uuid[]) and deleted_at is null
     order by id for share`,
    [projectId, ids],
  );
  const held = new Map(rows.map((row) => [row.id, row]));
  if (ids.some((id) => !held.has(id))) fail('NOT_FOUND', { thing: noun });
  return held;
}
