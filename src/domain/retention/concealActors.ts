/** What an actor is called from now on. */
export interface Conceal {
  name: string;
  username: string;
}

/**
 * The value with those actors' names replaced in it, wherever one is shown with id, name and username, at any
 * depth; the value itself where there is none.
 * @param actors id → what they are called from now on
 */
export function concealActors(value: unknown, actors: ReadonlyMap<string, Conceal>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const parts = value.map((part) => concealActors(part, actors));
    return parts.some((part, place) => part !== value[place]) ? parts : value;
  }
  const before = value as Record<string, unknown>;
  // Not by assignment: a key may be `__proto__`.
  const after: Record<string, unknown> = Object.fromEntries(
    Object.entries(before).map(([key, part]) => [key, concealActors(part, actors)]),
  );
  const now = typeof before['id'] === 'string' ? actors.get(before['id']) : undefined;
  if (now && 'name' in before && 'username' in before) Object.assign(after, now);
  return Object.keys(after).some((key) => after[key] !== before[key]) ? after : value;
}
