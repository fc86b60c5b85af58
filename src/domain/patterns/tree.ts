/** Trees of categories and of terms: nothing ever stands below itself. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { fail } from '../../errors.ts';

const trees = {
  category: { table: 'categories', parent: 'parent_id' },
  term: { table: 'vocabulary_terms', parent: 'broader_id' },
} as const;

/** Categories of a project are moved one after the other: two at once could close a circle that neither sees. */
export async function lockCategories(em: EntityManager, projectId: string): Promise<void> {
  await executePrepared(em, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `categories:${projectId}`,
  ]);
}

const way = ({ table, parent }: (typeof trees)[keyof typeof trees]) => `
with recursive up as (
  select id, ${parent} as parent, name, 1 as height from ${table} where id = $1
  union all
  select t.id, t.${parent}, t.name, up.height + 1 from up join ${table} t on t.id = up.parent where up.id <> $2
)
select id, name from up order by height`;

/**
 * Makes sure that a node may stand below a parent; nobody else may move nodes of this tree meanwhile.
 * @throws TREE_CYCLE, which names the way from the parent back to the node.
 */
export async function refuseCycle(
  em: EntityManager,
  thing: keyof typeof trees,
  node: { id: string; name: string },
  parentId: string,
): Promise<void> {
  const steps = await executePrepared<{ id: string; name: string }>(em, way(trees[thing]), [
    parentId,
    node.id,
  ]);
  const back = steps.findIndex((step) => step.id === node.id);
  if (back === -1) return;
  const path = [node.name, ...steps.slice(0, back + 1).map((step) => step.name)].join(' < ');
  fail('TREE_CYCLE', { thing, name: node.name, path });
}
