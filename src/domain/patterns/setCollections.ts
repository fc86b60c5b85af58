import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { audit } from '../../events/audit.ts';
import { emit } from '../../events/emit.ts';
import type { ComposedOfCollections } from '../../views/patterns.ts';
import { diffParts } from './diffParts.ts';
import { checkVersion, findNoun } from './findNoun.ts';
import { holdRows } from './holdRows.ts';
import { viewNoun } from './nounEntities.ts';
import { findRepeated, refuseFaults } from './readParts.ts';
import { recordVersion, touch } from './recordChange.ts';

interface StoredCollection {
  collectionId: string;
  orderIndex: number;
}

const read = `
select collection_id as "collectionId", order_index as "orderIndex" from model_collections where model_id = $1 order by order_index`;

const write = `
with gone as (delete from model_collections where model_id = $1 and collection_id = any($2::uuid[]))
insert into model_collections (model_id, collection_id, order_index)
select $1::uuid, "collectionId", "orderIndex"
from jsonb_to_recordset($3::jsonb) as p ("collectionId" uuid, "orderIndex" int)
on conflict (model_id, collection_id) do update set order_index = excluded.order_index`;

/**
 * Makes the collections given, in their order, the collections of a model; see `setFields`.
 * @returns what shows it once it is flushed.
 * @throws NOT_FOUND for the model or any collection; VERSION_CLASH; BAD_INPUT for one that is given twice.
 */
export async function setCollections(
  em: EntityManager,
  of: { projectId: string; id: string },
  { collectionIds, version }: { collectionIds: readonly string[]; version?: number | undefined },
): Promise<() => ComposedOfCollections> {
  const model = await findNoun(em, 'model', of);
  checkVersion('model', model, version);
  refuseFaults(findRepeated(collectionIds, (index) => `collections.${index}.collectionId`));
  const held = await holdRows(em, 'collection', of.projectId, collectionIds);
  const wanted = collectionIds.map((collectionId, orderIndex) => ({ collectionId, orderIndex }));
  const stored = await executePrepared<StoredCollection>(em, read, [of.id]);
  const diff = diffParts(
    stored,
    wanted,
    (part) => part.collectionId,
    (a, b) => a.orderIndex === b.orderIndex,
  );
  const view = () => ({
    ...viewNoun('model', model),
    collections: collectionIds.map((collectionId) => {
      const { name = '', identifier = '' } = held.get(collectionId) ?? {};
      return { collectionId, name, identifier };
    }),
  });
  if (diff.gone.length + diff.put.length === 0) return view;
  const gone = diff.gone.map((part) => part.collectionId);
  await executePrepared(em, write, [of.id, gone, JSON.stringify(diff.put)]);
  touch(model);
  audit(em, {
    action: 'update',
    entityType: 'model_collections',
    entityId: of.id,
    projectId: of.projectId,
    changes: { collections: { old: stored, new: wanted } },
  });
  emit(em, `project:${of.projectId}`, 'model.collectionsSet', view);
  recordVersion(em, 'model', model, 'update');
  return view;
}
