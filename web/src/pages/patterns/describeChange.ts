/** What changed from one version to the next, in words. */
import type { Outputs } from 'tessera-client';

export type Version = Outputs['fields']['history']['items'][number];

/** Part of a list, as two lists of them are compared. */
export interface Entry {
  id: string;
  name: string;
  /** What is said of it beside its name, such as its cardinality; empty: nothing. */
  note: string;
}

export interface Sentence {
  sign: 'added' | 'removed' | 'moved' | 'changed';
  text: string;
}

/** A value that changed, or a list. */
export type Change =
  | { label: string; old: string; now: string; sentences?: never }
  | { label: string; sentences: readonly Sentence[]; old?: never; now?: never };

export const cardinalityWords: Record<string, string> = {
  '1': 'exactly one',
  '?': 'none or one',
  '+': 'one or more',
  '*': 'any number',
};

/** Places in `before` of those that keep their order among one another, as many as possible; the others were moved. */
function findKept(before: readonly number[]): Set<number> {
  const lengths = before.map(() => 1);
  const previous = before.map(() => -1);
  let best = -1;
  for (const [index, place] of before.entries()) {
    for (let other = 0; other < index; other += 1)
      if ((before[other] ?? 0) < place && (lengths[other] ?? 0) + 1 > (lengths[index] ?? 0)) {
        lengths[index] = (lengths[other] ?? 0) + 1;
        previous[index] = other;
      }
    if (best < 0 || (lengths[index] ?? 0) > (lengths[best] ?? 0)) best = index;
  }
  const kept = new Set<number>();
  for (let at = best; at >= 0; at = previous[at] ?? -1) kept.add(before[at] ?? -1);
  return kept;
}

/** What was added, removed, moved and changed from one list to another. */
export function compareLists(old: readonly Entry[], now: readonly Entry[]): Sentence[] {
  const placesBefore = new Map(old.map(({ id }, index) => [id, index]));
  const idsNow = new Set(now.map(({ id }) => id));
  const removed = old.filter(({ id }) => !idsNow.has(id));
  const stayed = now.filter(({ id }) => placesBefore.has(id));
  const kept = findKept(stayed.map(({ id }) => placesBefore.get(id) ?? -1));
  const noted = ({ name, note }: Entry) => (note === '' ? name : `${name} (${note})`);
  const sentences: Sentence[] = removed.map(({ name }) => ({ sign: 'removed', text: name }));
  for (const [index, entry] of now.entries()) {
    const place = placesBefore.get(entry.id);
    if (place === undefined) {
      sentences.push({ sign: 'added', text: `${noted(entry)}, as number ${index + 1}` });
      continue;
    }
    if (!kept.has(place))
      sentences.push({ sign: 'moved', text: `${entry.name}, from number ${place + 1} to ${index + 1}` });
    const was = old[place]?.note ?? '';
    if (was !== entry.note)
      sentences.push({
        sign: 'changed',
        text: `${entry.name}: ${was || 'nothing'} → ${entry.note || 'nothing'}`,
      });
  }
  return sentences;
}

const labels: Record<string, string> = {
  name: 'Name',
  identifier: 'Identifier',
  description: 'Description',
  uri: 'URI',
  rdfType: 'RDF type',
  ontologyPath: 'Ontology path',
  prefix: 'Prefix',
  categoryId: 'Category',
  parentId: 'Stands below',
  vocabularyId: 'Vocabulary',
  metadata: 'Further data',
  originalRows: 'Rows that it was imported from',
  fields: 'Fields',
  collections: 'Collections',
  semantics: 'Meaning',
  terms: 'Terms',
  classes: 'Classes and properties',
};

const gone = 'something that is gone';
type Values = Record<string, unknown>;
const asList = (value: unknown): Values[] => (Array.isArray(value) ? (value as Values[]) : []);
const text = (value: unknown) => (typeof value === 'string' ? value : '');

function entriesOf(key: string, value: unknown, names: Record<string, string>): Entry[] {
  return asList(value).map((part) => {
    if (key === 'semantics')
      return {
        id: `${text(part['classId'])} ${text(part['relation'])}`,
        name: text(part['name']),
        note: text(part['relation']),
      };
    const id = text(part[key === 'fields' ? 'fieldId' : 'collectionId']);
    return { id, name: names[id] ?? gone, note: cardinalityWords[text(part['cardinality'])] ?? '' };
  });
}

/** A term or class: what was done to it, and to what of it. */
function describePart(old: unknown, now: unknown, names: Record<string, string>): Sentence[] {
  const was = old as Values | null;
  const is = now as Values | null;
  if (!was && is) return [{ sign: 'added', text: text(is['name']) }];
  if (was && !is) return [{ sign: 'removed', text: text(was['name']) }];
  if (!was || !is) return [];
  const differing = Object.keys(is).filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]));
  const spell = (value: unknown) => (names[text(value)] ?? text(value)) || 'nothing';
  const label = (key: string) => (key === 'broaderId' ? 'stands below' : (labels[key] ?? key).toLowerCase());
  return differing.map((key) => ({
    sign: 'changed',
    text: `${text(is['name'])}: ${label(key)} ${spell(was[key])} → ${spell(is[key])}`,
  }));
}

const references = new Set(['categoryId', 'parentId', 'vocabularyId']);

function say(key: string, value: unknown, names: Record<string, string>): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (references.has(key)) return names[text(value)] ?? gone;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a version changed; that something was deleted or restored stands in its action. */
export function describeChanges({ changes, names }: Pick<Version, 'changes' | 'names'>): Change[] {
  return Object.entries(changes).flatMap(([key, { old, new: now }]): Change[] => {
    const label = labels[key] ?? key;
    if (key === 'isDeleted') return [];
    if (key === 'terms' || key === 'classes') return [{ label, sentences: describePart(old, now, names) }];
    if (key === 'fields' || key === 'collections' || key === 'semantics')
      return [{ label, sentences: compareLists(entriesOf(key, old, names), entriesOf(key, now, names)) }];
    return [{ label, old: say(key, old, names), now: say(key, now, names) }];
  });
}
