/** What must happen to the parts of something, so that they are those given. */
export interface PartsDiff<P> {
  gone: P[];
  /** New, or otherwise than before. */
  put: P[];
}

/** @param keyOf tells parts apart @param isSame whether a part stands as it stood */
export function diffParts<P>(
  before: readonly P[],
  after: readonly P[],
  keyOf: (part: P) => string,
  isSame: (a: P, b: P) => boolean,
): PartsDiff<P> {
  const known = new Map(before.map((part) => [keyOf(part), part]));
  const kept = new Set(after.map(keyOf));
  return {
    gone: before.filter((part) => !kept.has(keyOf(part))),
    put: after.filter((part) => {
      const old = known.get(keyOf(part));
      return old === undefined || !isSame(old, part);
    }),
  };
}
