/** Classes and properties of an ontology. Each change is a version of the ontology: its diff says what happened. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import type { Ontology } from '../../entities/patterns/Ontology.ts';
import { OntologyClass } from '../../entities/patterns/OntologyClass.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { viewOntology, viewOntologyClass } from '../../views/patterns.ts';
import { findNoun } from './findNoun.ts';
import { recordVersion, touch } from './recordChange.ts';

export interface NewClass {
  id?: string | undefined;
  projectId: string;
  ontologyId: string;
  kind?: 'class' | 'property' | undefined;
  name: string;
  uri: string;
  description?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
}
export type ClassChanges = Partial<Pick<NewClass, 'name' | 'uri' | 'description' | 'metadata'>> & {
  version?: number | undefined;
};

const describe = ({ id, kind, name, uri, description }: OntologyClass) => ({
  id,
  kind,
  name,
  uri,
  description,
});
type Described = ReturnType<typeof describe>;

function record(
  em: EntityManager,
  ontology: Ontology,
  changed: OntologyClass,
  type: 'ontology.classAdded' | 'ontology.classUpdated' | 'ontology.classRemoved',
  was: Described | null,
): void {
  const becomes = type === 'ontology.classRemoved' ? null : describe(changed);
  touch(ontology);
  emit(em, `project:${ontology.projectId}`, type, () => viewOntologyClass(changed));
  emit(em, `project:${ontology.projectId}`, 'ontology.updated', () => viewOntology(ontology));
  recordVersion(em, 'ontology', ontology, 'update', { classes: { old: was, new: becomes } });
}

async function checkUri(em: EntityManager, ontologyId: string, uri: string): Promise<void> {
  // The ontology's row is locked, so nobody adds another meanwhile.
  if (await em.findOne(OntologyClass, { ontologyId, uri }))
    fail('CONFLICT', { reason: `the ontology has a class with the uri ${uri} already` });
}

/** @throws NOT_FOUND */
async function findClass(
  em: EntityManager,
  of: { projectId: string; classId: string },
): Promise<{ ontology: Ontology; found: OntologyClass }> {
  const where = { id: of.classId };
  const known = await em.findOne(OntologyClass, where);
  if (!known) return fail('NOT_FOUND', { thing: 'ontology class' });
  // The ontology first, as whoever adds a class does, so that two do not wait for each other.
  const ontology = await findNoun(em, 'ontology', { projectId: of.projectId, id: known.ontologyId });
  const found = await em.findOne(OntologyClass, where, {
    lockMode: LockMode.PESSIMISTIC_WRITE,
    refresh: true,
  });
  if (!found) return fail('NOT_FOUND', { thing: 'ontology class' });
  found.projectId = of.projectId;
  return { ontology, found };
}

/** Adds a class or a property. @throws NOT_FOUND for the ontology, CONFLICT for a URI that it has already. */
export async function addClass(em: EntityManager, input: NewClass): Promise<OntologyClass> {
  const { id, projectId, ontologyId } = input;
  const ontology = await findNoun(em, 'ontology', { projectId, id: ontologyId });
  await checkUri(em, ontologyId, input.uri);
  const added = em.create(OntologyClass, {
    ...(id ? { id } : {}),
    projectId,
    ontologyId,
    kind: input.kind ?? 'class',
    name: input.name,
    uri: input.uri,
    description: input.description ?? '',
    metadata: input.metadata ?? {},
  });
  record(em, ontology, added, 'ontology.classAdded', null);
  return added;
}

/** Changes what is given. @throws NOT_FOUND, VERSION_CLASH; CONFLICT for a URI that the ontology has already. */
export async function updateClass(
  em: EntityManager,
  of: { projectId: string; classId: string },
  { version, ...changes }: ClassChanges,
): Promise<OntologyClass> {
  const { ontology, found } = await findClass(em, of);
  if (version !== undefined && version !== found.rowVersion) {
    const versions = { sent: version, stored: found.rowVersion };
    const details = { ...versions, current: viewOntologyClass(found) };
    fail('VERSION_CLASH', { thing: 'ontology class', ...versions }, { details });
  }
  if (changes.uri !== undefined && changes.uri !== found.uri)
    await checkUri(em, found.ontologyId, changes.uri);
  const was = describe(found);
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  em.assign(found, Object.fromEntries(given));
  record(em, ontology, found, 'ontology.classUpdated', was);
  return found;
}

/** Takes a class away that no field means. @throws NOT_FOUND, PATTERN_IN_USE */
export async function removeClass(
  em: EntityManager,
  of: { projectId: string; classId: string },
): Promise<OntologyClass> {
  const { ontology, found } = await findClass(em, of);
  const [use] = await executePrepared<{ name: string }>(
    em,
    `select f.name from field_semantics s join fields f on f.id = s.field_id and f.deleted_at is null where s.class_id = $1 order by f.created_at limit 1`,
    [found.id],
  );
  if (use)
    fail('PATTERN_IN_USE', { thing: 'ontology class', name: found.name, uses: `the field ${use.name}` });
  em.remove(found);
  record(em, ontology, found, 'ontology.classRemoved', describe(found));
  return found;
}
