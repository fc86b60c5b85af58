import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { type Adopted, adoptRows } from './adoptRows.ts';
import type { CopyMap } from './sql/copyParts.ts';
import {
  bumpOntologies,
  copyClasses,
  copySemantics,
  findMeanings,
  findSameOntologies,
} from './sql/copySemantics.ts';
import { keepHistory } from './sql/keepHistory.ts';

/**
 * Gives copies of fields the meaning of their originals. An ontology that the project has already, by its URI
 * or because it was adopted before, gets the classes that it lacks; any other is copied, with the classes that
 * are needed.
 * @returns the ontologies that are new in the project.
 */
export async function adoptMeanings(
  em: EntityManager,
  of: { projectId: string; actorId: string },
  fields: CopyMap,
): Promise<CopyMap> {
  const needed = await findMeanings(em, [...fields.keys()]);
  if (needed.length === 0) return new Map();
  const ontologyIds = [...new Set(needed.map((one) => one.ontologyId))];
  const same = await findSameOntologies(em, of.projectId, ontologyIds);
  const originals = ontologyIds.filter((id) => !same.has(id));
  const adopted: Adopted = await adoptRows(em, 'ontology', { ...of, originals });
  const own = new Map([...same, ...adopted.all]);
  const classes = needed.flatMap(({ classId, ontologyId }) => {
    const ontology = own.get(ontologyId);
    return ontology ? [{ classId, to: uuidv7(), ontology }] : [];
  });
  const grown = await copyClasses(em, classes);
  await copySemantics(em, fields, own);
  const isFresh = new Set(adopted.fresh.values());
  const older = grown.filter(({ ontologyId }) => !isFresh.has(ontologyId));
  await bumpOntologies(
    em,
    older.map((one) => one.ontologyId),
  );
  for (const { ontologyId, names } of older)
    await keepHistory(em, 'ontology', [ontologyId], 'update', { classes: { old: null, new: names } });
  await keepHistory(em, 'ontology', [...isFresh], 'create');
  return adopted.fresh;
}
