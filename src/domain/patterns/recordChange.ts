import type { EntityManager } from '@mikro-orm/postgresql';
import { beforeCommit } from '../../database/transaction.ts';
import type { HistoryAction, HistoryDiff } from '../../entities/patterns/historyColumns.ts';
import type { Noun } from '../../entities/patterns/nouns.ts';
import { emit } from '../../events/emit.ts';
import type { FieldView } from '../../views/patterns.ts';
import { type NounEntity, viewNoun } from './nounEntities.ts';
import { keepHistory } from './sql/keepHistory.ts';

const pastVerbs = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  restore: 'restored',
} as const satisfies Record<HistoryAction, string>;

/** Tells that a row of a noun was changed: as an event of the project, and as a version of its history. */
export function recordChange<N extends Noun>(
  em: EntityManager,
  noun: N,
  entity: NounEntity<N>,
  action: HistoryAction,
): void {
  // The six nouns have the same events, each with its own view.
  const type = `${noun as 'field'}.${pastVerbs[action]}` as const;
  emit(em, `project:${entity.projectId}`, type, () => viewNoun(noun, entity) as FieldView);
  recordVersion(em, noun, entity, action);
}

/** Keeps a version without an event of its own. @param further what changed beside the row's own values. */
export function recordVersion<N extends Noun>(
  em: EntityManager,
  noun: N,
  entity: NounEntity<N>,
  action: HistoryAction,
  further?: HistoryDiff,
): void {
  beforeCommit(em, () => keepHistory(em, noun, [entity.id], action, further));
}

/** Makes a new version of a row of which only its parts changed. */
export function touch(entity: { updatedAt: Date }): void {
  // Later than the last change in any case: two of one millisecond would look like none.
  entity.updatedAt = new Date(Math.max(Date.now(), entity.updatedAt.getTime() + 1));
}
