const asComparable = (value: unknown): unknown =>
  value instanceof Date ? value.getTime() : typeof value === 'object' ? JSON.stringify(value ?? null) : value;

/** Of what is given, the part that differs from what is stored; null and undefined in the row are the same. */
export function pickChanges<T extends object>(stored: object, given: T): Partial<T> {
  const changed = Object.entries(given).filter(([name, value]) => {
    const before: unknown = (stored as Record<string, unknown>)[name] ?? null;
    return value !== undefined && asComparable(before) !== asComparable(value);
  });
  return Object.fromEntries(changed) as Partial<T>;
}
