/** Terms of a vocabulary. Each change is a version of the vocabulary: its diff says what happened. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Vocabulary } from '../../entities/patterns/Vocabulary.ts';
import { VocabularyTerm } from '../../entities/patterns/VocabularyTerm.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { viewTerm, viewVocabulary } from '../../views/patterns.ts';
import { findNoun } from './findNoun.ts';
import { firstFree, identifierOf } from './identifier.ts';
import { recordVersion, touch } from './recordChange.ts';
import { refuseCycle } from './tree.ts';

export interface NewTerm {
  id?: string | undefined;
  projectId: string;
  vocabularyId: string;
  /** The wider term to stand below; null: none. */
  broaderId?: string | null | undefined;
  name: string;
  /** Unique in the vocabulary; left out, it is made from the name. */
  identifier?: string | undefined;
  description?: string | undefined;
  uri?: string | null | undefined;
  metadata?: Record<string, unknown> | undefined;
}
export type TermChanges = Partial<Omit<NewTerm, 'id' | 'projectId' | 'vocabularyId'>> & {
  version?: number | undefined;
};

const describe = ({ id, broaderId, name, identifier, description, uri }: VocabularyTerm) => ({
  id,
  broaderId: broaderId ?? null,
  name,
  identifier,
  description,
  uri: uri ?? null,
});
type Described = ReturnType<typeof describe>;

function record(
  em: EntityManager,
  vocabulary: Vocabulary,
  changed: VocabularyTerm,
  type: 'vocabulary.termAdded' | 'vocabulary.termUpdated' | 'vocabulary.termRemoved',
  was: Described | null,
): void {
  const becomes = type === 'vocabulary.termRemoved' ? null : describe(changed);
  touch(vocabulary);
  emit(em, `project:${vocabulary.projectId}`, type, () => viewTerm(changed));
  emit(em, `project:${vocabulary.projectId}`, 'vocabulary.updated', () => viewVocabulary(vocabulary));
  recordVersion(em, 'vocabulary', vocabulary, 'update', { terms: { old: was, new: becomes } });
}

/** The vocabulary's row is locked whenever its terms change: what these read of each other stays as it is. */
async function findTerm(
  em: EntityManager,
  of: { projectId: string; termId: string },
): Promise<{ vocabulary: Vocabulary; term: VocabularyTerm }> {
  const known = await em.findOne(VocabularyTerm, { id: of.termId });
  if (!known) return fail('NOT_FOUND', { thing: 'term' });
  const vocabulary = await findNoun(em, 'vocabulary', { projectId: of.projectId, id: known.vocabularyId });
  const term = await em.findOne(VocabularyTerm, { id: of.termId }, { refresh: true });
  if (!term) return fail('NOT_FOUND', { thing: 'term' });
  term.projectId = of.projectId;
  return { vocabulary, term };
}

async function checkBroader(em: EntityManager, vocabularyId: string, id: string): Promise<void> {
  if (!(await em.findOne(VocabularyTerm, { id, vocabularyId }))) fail('NOT_FOUND', { thing: 'broader term' });
}

async function checkIdentifier(em: EntityManager, vocabularyId: string, identifier: string): Promise<void> {
  if (await em.findOne(VocabularyTerm, { vocabularyId, identifier }))
    fail('IDENTIFIER_TAKEN', { identifier });
}

async function makeIdentifier(em: EntityManager, vocabularyId: string, name: string): Promise<string> {
  const base = identifierOf(name, 'term');
  const like = `${base.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const near = await em.find(
    VocabularyTerm,
    { vocabularyId, identifier: { $like: like } },
    { fields: ['identifier'] },
  );
  return firstFree(base, new Set(near.map((term) => term.identifier)));
}

/** Adds a term. @throws NOT_FOUND for the vocabulary or the broader term; IDENTIFIER_TAKEN. */
export async function addTerm(em: EntityManager, input: NewTerm): Promise<VocabularyTerm> {
  const { id, projectId, vocabularyId, broaderId = null, identifier } = input;
  const vocabulary = await findNoun(em, 'vocabulary', { projectId, id: vocabularyId });
  if (broaderId) await checkBroader(em, vocabularyId, broaderId);
  if (identifier !== undefined) await checkIdentifier(em, vocabularyId, identifier);
  const term = em.create(VocabularyTerm, {
    ...(id ? { id } : {}),
    projectId,
    vocabularyId,
    broaderId,
    name: input.name,
    identifier: identifier ?? (await makeIdentifier(em, vocabularyId, input.name)),
    description: input.description ?? '',
    uri: input.uri ?? null,
    metadata: input.metadata ?? {},
  });
  record(em, vocabulary, term, 'vocabulary.termAdded', null);
  return term;
}

/**
 * Changes what is given; with `broaderId` it moves with all that stands below it.
 * @throws NOT_FOUND, also for the broader term; VERSION_CLASH, IDENTIFIER_TAKEN, TREE_CYCLE.
 */
export async function updateTerm(
  em: EntityManager,
  of: { projectId: string; termId: string },
  { version, ...changes }: TermChanges,
): Promise<VocabularyTerm> {
  const { vocabulary, term } = await findTerm(em, of);
  if (version !== undefined && version !== term.rowVersion) {
    const versions = { sent: version, stored: term.rowVersion };
    fail(
      'VERSION_CLASH',
      { thing: 'term', ...versions },
      { details: { ...versions, current: viewTerm(term) } },
    );
  }
  const { broaderId, identifier } = changes;
  if (broaderId) {
    await checkBroader(em, vocabulary.id, broaderId);
    await refuseCycle(em, 'term', term, broaderId);
  }
  if (identifier !== undefined && identifier !== term.identifier)
    await checkIdentifier(em, vocabulary.id, identifier);
  const was = describe(term);
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  em.assign(term, Object.fromEntries(given));
  record(em, vocabulary, term, 'vocabulary.termUpdated', was);
  return term;
}

/** Takes a term away below which none stands. @throws NOT_FOUND, PATTERN_IN_USE */
export async function removeTerm(
  em: EntityManager,
  of: { projectId: string; termId: string },
): Promise<VocabularyTerm> {
  const { vocabulary, term } = await findTerm(em, of);
  const narrower = await em.findOne(VocabularyTerm, { broaderId: term.id });
  if (narrower)
    fail('PATTERN_IN_USE', { thing: 'term', name: term.name, uses: `the narrower term ${narrower.name}` });
  em.remove(term);
  record(em, vocabulary, term, 'vocabulary.termRemoved', describe(term));
  return term;
}
