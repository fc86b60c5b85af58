import { type EventType, catalogue } from '../../events/catalogue.ts';

/** Types of events that a webhook can be told of: those of a project. A person's own go to nobody else. */
export const webhookTypes: readonly EventType[] = (Object.keys(catalogue) as EventType[]).filter(
  (type) => catalogue[type].permission !== null,
);
/** The event that `webhooks.ping` sends; it is in no log. */
export const pingType = 'webhook.ping';

const nouns = new Set(webhookTypes.map((type) => type.split('.')[0]));
const known: ReadonlySet<string> = new Set(webhookTypes);

/** Whether a webhook may ask for this: a type, all of a noun (`issue.*`), or `*`. */
export function isPattern(text: string): boolean {
  if (text === '*' || known.has(text)) return true;
  return text.endsWith('.*') && nouns.has(text.slice(0, -2));
}

/** Whether one of the patterns holds the type. */
export function wants(patterns: readonly string[], type: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' ||
      pattern === type ||
      (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
  );
}

/** Types whose version has been raised. */
const versions: Partial<Record<string, number>> = {};

/**
 * The version of what a type carries. It is raised when a receiver would have to change: a key taken away, or
 * one that means something else. Keys are added without it.
 */
export function versionOf(type: string): number {
  return versions[type] ?? 1;
}

/** What somebody must be allowed to call to be told of a type; undefined: there is no such type (any more). */
export function permissionOf(type: string): string | null | undefined {
  if (type === pingType) return null;
  return known.has(type) ? catalogue[type as EventType].permission : undefined;
}

/** What must be allowed to be told of all that the patterns hold, each once. */
export function permissionsOf(patterns: readonly string[]): string[] {
  const needed = webhookTypes
    .filter((type) => wants(patterns, type))
    .map((type) => catalogue[type].permission);
  return [...new Set(needed)].filter((permission) => permission !== null);
}
