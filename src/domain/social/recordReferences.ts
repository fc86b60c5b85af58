import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { beforeCommit } from '../../database/transaction.ts';
import { emit } from '../../events/emit.ts';
import { findIssueNumbers } from './findIssueNumbers.ts';
import { type ReferenceSource, putReferences } from './sql/putReferences.ts';

/**
 * Keeps which issues a text names as `#12`, once what holds the text is written, and says so of those that it
 * newly names. Numbers that the project has no issue for are left out. Costs nothing when a new text names none.
 * @param of.isNew whether there was no text before, and so nothing to take back.
 */
export function recordReferences(
  em: EntityManager,
  of: { projectId: string; source: ReferenceSource; text: string; isNew: boolean },
): void {
  const { projectId, source } = of;
  const named = findIssueNumbers(of.text).map((number) => ({ id: uuidv7(), number }));
  if (of.isNew && named.length === 0) return;
  beforeCommit(em, async () => {
    for (const reference of await putReferences(em, { projectId, source, named }))
      emit(em, `project:${projectId}`, 'issue.referenced', () => reference);
  });
}
