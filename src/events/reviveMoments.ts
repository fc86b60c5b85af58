/**
 * The log keeps payloads as JSON, where a Date is a string. Every key of a view that ends in `At` holds a
 * moment and no other key does (a structural test holds it), so they can be found again without a schema.
 * Changes `value` in place and returns it.
 */
export function reviveMoments<T>(value: T): T {
  if (Array.isArray(value)) {
    for (const item of value) reviveMoments(item);
  } else if (typeof value === 'object' && value !== null) {
    const record = value as Record<string, unknown>;
    for (const key in record) {
      const inner = record[key];
      if (typeof inner === 'string') {
        if (key.endsWith('At')) record[key] = new Date(inner);
      } else if (typeof inner === 'object' && inner !== null) {
        // Free data of users is theirs: a string there stays a string.
        if (key !== 'metadata' && key !== 'payload') reviveMoments(inner);
      }
    }
  }
  return value;
}
