/** What a project's patterns are, in the order in which files of them are imported: each kind is made of those before. */
export const patternKinds = ['field', 'collection', 'model'] as const;
export type PatternKind = (typeof patternKinds)[number];
