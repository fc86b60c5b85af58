/** How the routers of the six nouns of the semantic patterns change one. */
import { adoptPattern } from '../domain/patterns/adoptPattern.ts';
import { createNoun } from '../domain/patterns/createNoun.ts';
import { deleteNoun } from '../domain/patterns/deleteNoun.ts';
import { viewNoun } from '../domain/patterns/nounEntities.ts';
import type { NounChanges, NounInputs } from '../domain/patterns/nounInputs.ts';
import { restoreNoun } from '../domain/patterns/restoreNoun.ts';
import { updateNoun } from '../domain/patterns/updateNoun.ts';
import { type Noun, nouns } from '../entities/patterns/nouns.ts';
import type { PatternKind } from '../entities/patterns/patternKinds.ts';
import { TesseraError } from '../errors.ts';
import type { NounViews } from '../views/patterns.ts';
import type { Call } from './Call.ts';

export function create<N extends Noun>(
  ctx: Call,
  noun: N,
  {
    projectId: _,
    mutationId: __,
    ...input
  }: NounInputs[N] & {
    id?: string | undefined;
    projectId: string;
    mutationId?: string | undefined;
  },
): Promise<NounViews[N]> {
  const values = { ...input, projectId: ctx.projectId } as never;
  return ctx.write(
    (em) => createNoun(em, ctx.actor, noun, values),
    (entity) => viewNoun(noun, entity),
  );
}

export function update<N extends Noun>(
  ctx: Call,
  noun: N,
  id: string,
  changes: NounChanges<N>,
): Promise<NounViews[N]> {
  return ctx.write(
    (em) => updateNoun(em, noun, { projectId: ctx.projectId, id }, changes),
    (entity) => viewNoun(noun, entity),
  );
}

export function remove<N extends Noun>(ctx: Call, noun: N, id: string): Promise<NounViews[N]> {
  return ctx.write(
    (em) => deleteNoun(em, noun, { projectId: ctx.projectId, id }),
    (entity) => viewNoun(noun, entity),
  );
}

export function restore<N extends Noun>(ctx: Call, noun: N, id: string): Promise<NounViews[N]> {
  return ctx.write(
    (em) => restoreNoun(em, noun, { projectId: ctx.projectId, id }),
    (entity) => viewNoun(noun, entity),
  );
}

/** What must be readable in the other project, for all of it may come along. */
const needed: Record<PatternKind, readonly Noun[]> = {
  field: ['field', 'ontology'],
  collection: ['collection', 'field', 'ontology'],
  model: ['model', 'collection', 'field', 'ontology'],
};

/**
 * Copies another project's pattern, which the caller must be able to read there, into this one.
 * @throws BAD_INPUT when it is the same project; what the other project answers to who may not read it.
 */
export async function adopt<N extends PatternKind>(
  ctx: Call,
  noun: N,
  of: { fromProjectId: string; id: string },
): Promise<NounViews[N]> {
  if (of.fromProjectId === ctx.projectId) {
    const fields = { fromProjectId: 'is this project: adopt what belongs to another' };
    throw new TesseraError('BAD_INPUT', {}, { fields });
  }
  for (const one of needed[noun])
    await ctx.authorizer.authorize(ctx.origin.tokenHash, `${nouns[one].table}.get`, of.fromProjectId);
  return ctx.write(
    (em) => adoptPattern(em, ctx.actor, noun, { ...of, projectId: ctx.projectId }),
    (copy) => viewNoun(noun, copy),
  );
}
