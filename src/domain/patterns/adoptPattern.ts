import type { EntityManager, EntityName } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { nouns } from '../../entities/patterns/nouns.ts';
import type { PatternKind } from '../../entities/patterns/patternKinds.ts';
import { fail } from '../../errors.ts';
import { audit } from '../../events/audit.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import type { FieldView } from '../../views/patterns.ts';
import type { AdoptableNoun } from '../../views/sql/patterns/adoptionLinks.ts';
import { adoptMeanings } from './adoptMeanings.ts';
import { type Adopted, adoptRows } from './adoptRows.ts';
import { type NounEntity, nounEntities, viewNoun } from './nounEntities.ts';
import { copyParts, findParts } from './sql/copyParts.ts';
import { findCopies } from './sql/copyRows.ts';
import { keepHistory } from './sql/keepHistory.ts';

export interface Adoption {
  projectId: string;
  /** Where the original is; whether the actor may read it there is for the caller to see to. */
  fromProjectId: string;
  id: string;
}

/** Whoever adopts into a project does so one after the other: two at once make one copy. */
async function lockAdoptions(em: EntityManager, projectId: string): Promise<void> {
  await executePrepared(em, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `adoptions:${projectId}`,
  ]);
}

/** @throws NOT_FOUND unless the other project has it; holds it as it is until the transaction is over. */
async function holdOriginal(em: EntityManager, noun: PatternKind, of: Adoption): Promise<void> {
  const rows = await executePrepared(
    em,
    `select id from ${nouns[noun].table} where id = $1 and project_id = $2 and deleted_at is null for share`,
    [of.id, of.fromProjectId],
  );
  if (rows.length === 0) fail('NOT_FOUND', { thing: noun });
}

/** Copies what is missing of an original and all that it is made of: fields, then collections, then models. */
async function copyAll(
  em: EntityManager,
  noun: PatternKind,
  of: { projectId: string; actorId: string; id: string },
): Promise<Record<PatternKind, Adopted>> {
  const models = noun === 'model' ? [of.id] : [];
  const collections = noun === 'collection' ? [of.id] : await findParts(em, 'model_collections', models);
  const ofModels = await findParts(em, 'model_fields', models);
  // A collection that the project has already stays as the project has made it.
  const known = await findCopies(em, 'collection', of.projectId, collections);
  const ofCollections = await findParts(
    em,
    'collection_fields',
    collections.filter((id) => !known.has(id)),
  );
  const fields = noun === 'field' ? [of.id] : [...new Set([...ofModels, ...ofCollections])];
  const field = await adoptRows(em, 'field', { ...of, originals: fields });
  const collection = await adoptRows(em, 'collection', { ...of, originals: collections });
  const model = await adoptRows(em, 'model', { ...of, originals: models });
  await copyParts(em, 'collection_fields', collection.fresh, field.all);
  await copyParts(em, 'model_fields', model.fresh, field.all);
  await copyParts(em, 'model_collections', model.fresh, collection.all);
  return { field, collection, model };
}

async function loadCopies<N extends AdoptableNoun>(
  em: EntityManager,
  noun: N,
  ids: readonly string[],
): Promise<NounEntity<N>[]> {
  if (ids.length === 0) return [];
  const entity = nounEntities[noun] as EntityName<{ id: string }>;
  return (await em.find(entity, { id: { $in: [...ids] } }, { orderBy: { id: 'asc' } })) as NounEntity<N>[];
}

/** Tells of each new copy. The audit log has one line for all of them, and does not say where they came from. */
async function announce(
  em: EntityManager,
  projectId: string,
  copies: readonly { noun: AdoptableNoun; ids: readonly string[] }[],
): Promise<void> {
  for (const { noun, ids } of copies) {
    for (const copy of await loadCopies(em, noun, ids)) {
      emit(em, `project:${projectId}`, `${noun as 'field'}.adopted`, () => viewNoun(noun, copy) as FieldView);
    }
  }
}

/**
 * Makes a copy of another project's pattern, with what it is made of, unless the project has one: then that
 * is the answer, however it was changed since. Where a copy came from stands in the link alone.
 * @throws NOT_FOUND when the other project has no such pattern; BAD_INPUT is for the caller to throw.
 */
export async function adoptPattern<N extends PatternKind>(
  em: EntityManager,
  actor: ActorRef,
  noun: N,
  of: Adoption,
): Promise<NounEntity<N>> {
  await lockAdoptions(em, of.projectId);
  await holdOriginal(em, noun, of);
  const known = await findCopies(em, noun, of.projectId, [of.id]);
  let copyId = known.get(of.id);
  if (copyId === undefined) {
    const target = { projectId: of.projectId, actorId: actor.id };
    const adopted = await copyAll(em, noun, { ...target, id: of.id });
    copyId = adopted[noun].all.get(of.id) ?? fail('NOT_FOUND', { thing: noun });
    const ontologies = await adoptMeanings(em, target, adopted.field.fresh);
    const kinds = ['field', 'collection', 'model'] as const;
    const fresh = kinds.map((kind) => ({ noun: kind, ids: [...adopted[kind].fresh.values()] }));
    for (const { noun: kind, ids } of fresh) await keepHistory(em, kind, ids, 'create');
    await announce(em, of.projectId, [{ noun: 'ontology', ids: [...ontologies.values()] }, ...fresh]);
    const counts = Object.fromEntries(fresh.map(({ noun: kind, ids }) => [kind, { new: ids.length }]));
    audit(em, {
      action: 'adopt',
      entityType: nouns[noun].table,
      entityId: copyId,
      projectId: of.projectId,
      changes: { ...counts, ontology: { new: ontologies.size } },
    });
  }
  const [copy] = await loadCopies(em, noun, [copyId]);
  return copy ?? fail('NOT_FOUND', { thing: noun });
}
