import { z } from 'zod';
import { addClass, removeClass, updateClass } from '../domain/patterns/classes.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { viewOntologyClass } from '../views/patterns.ts';
import { listClasses } from '../views/sql/patterns/listClasses.ts';
import { create, remove, restore, update } from './changeNoun.ts';
import { freeText, line } from './freeText.ts';
import { metadata } from './metadata.ts';
import { getNoun, pageOfHistory, pageOfNouns, pageOfUses } from './nounCalls.ts';
import { asOf, iri, nounPage, nounShape, patternName, versionSeen } from './patternFields.ts';
import { project, router } from './trpc.ts';

const shape = { ...nounShape, uri: iri.nullish(), prefix: line(50).nullish() };
const classKind = z.enum(['class', 'property']);

export const ontologies = router({
  /** Makes an ontology without classes; `uri` is its namespace, `prefix` how that is abbreviated. */
  create: project.mutation(
    'ontologies.create',
    { id: uuid.optional(), name: patternName, ...shape },
    ({ ctx, input }) => create(ctx, 'ontology', input),
  ),

  /** An ontology; with `asOf` as it was then. `ontologies.classes` lists its classes. */
  get: project.query('ontologies.get', { ontologyId: uuid, asOf }, ({ ctx, input }) =>
    getNoun(ctx, 'ontology', input.ontologyId, input.asOf),
  ),

  /** The project's ontologies, newest first; with `deleted`, the deleted ones. */
  list: project.query('ontologies.list', nounPage, ({ ctx, input }) => pageOfNouns(ctx, 'ontology', input)),

  /** Changes what is given. Send the `version` you read, and a change in between is a VERSION_CLASH. */
  update: project.mutation(
    'ontologies.update',
    { ontologyId: uuid, ...shape, name: patternName.optional(), version: versionSeen },
    ({ ctx, input: { projectId: _, mutationId: __, ontologyId, ...changes } }) =>
      update(ctx, 'ontology', ontologyId, changes),
  ),

  /** Deletes an ontology that no field means. */
  delete: project.mutation('ontologies.delete', { ontologyId: uuid }, ({ ctx, input }) =>
    remove(ctx, 'ontology', input.ontologyId),
  ),

  /** Takes a deleted ontology back with its classes. */
  restore: project.mutation('ontologies.restore', { ontologyId: uuid }, ({ ctx, input }) =>
    restore(ctx, 'ontology', input.ontologyId),
  ),

  /** Every version of an ontology, newest first; what happened to its classes stands in `changes`. */
  history: project.query('ontologies.history', { ...page, ontologyId: uuid }, ({ ctx, input }) =>
    pageOfHistory(ctx, 'ontology', input.ontologyId, input),
  ),

  /** The fields that mean a class or property of an ontology, and its copies in other projects that the caller may see. */
  whereUsed: project.query('ontologies.whereUsed', { ...page, ontologyId: uuid }, ({ ctx, input }) =>
    pageOfUses(ctx, 'ontology', input.ontologyId, input),
  ),

  /** Adds a class or a property; its URI is unique in the ontology. */
  addClass: project.mutation(
    'ontologies.addClass',
    {
      id: uuid.optional(),
      ontologyId: uuid,
      kind: classKind.default('class'),
      name: patternName,
      uri: iri,
      description: freeText(20_000).optional(),
      metadata: metadata.optional(),
    },
    ({ ctx, input }) =>
      ctx.write((em) => addClass(em, { ...input, projectId: ctx.projectId }), viewOntologyClass),
  ),

  /** Changes what is given of a class or a property. */
  updateClass: project.mutation(
    'ontologies.updateClass',
    {
      classId: uuid,
      name: patternName.optional(),
      uri: iri.optional(),
      description: freeText(20_000).optional(),
      metadata: metadata.optional(),
      version: versionSeen,
    },
    ({ ctx, input: { projectId: _, mutationId: __, classId, ...changes } }) =>
      ctx.write((em) => updateClass(em, { projectId: ctx.projectId, classId }, changes), viewOntologyClass),
  ),

  /** Takes a class or a property away that no field means. */
  removeClass: project.mutation('ontologies.removeClass', { classId: uuid }, ({ ctx, input }) =>
    ctx.write(
      (em) => removeClass(em, { projectId: ctx.projectId, classId: input.classId }),
      viewOntologyClass,
    ),
  ),

  /** Classes and properties of an ontology, or one kind of them, oldest first. */
  classes: project.query(
    'ontologies.classes',
    { ...page, ontologyId: uuid, kind: classKind.optional() },
    async ({ ctx, input }) => {
      const rows = await listClasses(ctx.reads, {
        projectId: ctx.projectId,
        ontologyId: input.ontologyId,
        kind: input.kind ?? null,
        position: readCursor(input.cursor),
        limit: input.limit + 1,
      });
      return rows ? toPage(rows, input.limit, (row) => row) : fail('NOT_FOUND', { thing: 'ontology' });
    },
  ),
});
