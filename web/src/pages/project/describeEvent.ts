import type { Outputs } from 'tessera-client';

type Item = Outputs['projects']['activity']['items'][number];

/** camelCase to words: `fileTranslation` → `file translation`. */
const words = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** What an event is told with, where its payload has such: a name, a title, or somebody's name. */
function nameIn(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { name, title, actor, path, jobType } = payload as Record<string, unknown>;
  const inner = typeof actor === 'object' && actor !== null ? (actor as { name?: unknown }).name : undefined;
  return [name, title, inner, path, jobType].find((found) => typeof found === 'string');
}

/** What becomes of a job is not what the person does who asked for it. */
const ofItself: Partial<Record<string, string>> = {
  'job.started': 'has started',
  'job.completed': 'is done',
  'job.failed': 'has failed',
};

/**
 * An event in a sentence: who or what did it, what was done, and to what it was. Every type reads as “noun: past verb”, so that a new one
 * needs no line here.
 */
export function describeEvent(item: Pick<Item, 'type' | 'payload' | 'actor'>): {
  who: string;
  did: string;
  about: string | undefined;
} {
  const actor = item.actor?.name;
  const became = ofItself[item.type];
  if (became !== undefined)
    return {
      who: actor === undefined ? 'A job' : `A job of ${actor}`,
      did: became,
      about: nameIn(item.payload),
    };
  const [noun = '', verb = ''] = item.type.split('.');
  const spelt = words(verb).trim();
  const about = nameIn(item.payload);
  // Verbs that already carry their object, as in “role changed”.
  const did = spelt.includes(' ') ? `changed a ${words(noun)} (${spelt})` : `${spelt} a ${words(noun)}`;
  return { who: actor ?? 'The system', did: did.replace(/\ba (?=[aeiou])/, 'an '), about };
}
