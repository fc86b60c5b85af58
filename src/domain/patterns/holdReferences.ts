import type { EntityManager } from '@mikro-orm/postgresql';
import { holdRows } from './holdRows.ts';

/** What a row of a noun may refer to; left out: not given, null: to nothing. */
export interface References {
  categoryId?: string | null | undefined;
  parentId?: string | null | undefined;
  vocabularyId?: string | null | undefined;
}

/** Makes sure that what is referred to is there and stays until the transaction is over. @throws NOT_FOUND */
export async function holdReferences(
  em: EntityManager,
  projectId: string,
  { categoryId, parentId, vocabularyId }: References,
): Promise<void> {
  const categories = [categoryId, parentId].filter((id) => typeof id === 'string');
  await holdRows(em, 'category', projectId, categories);
  if (vocabularyId) await holdRows(em, 'vocabulary', projectId, [vocabularyId]);
}
