import type { Matrix } from './rules.ts';

type Procedure = Matrix['procedures'][number];
export type Row =
  | { kind: 'group'; noun: string; count: number; isOpen: boolean }
  | { kind: 'permission'; noun: string; procedure: Procedure };

export interface RowFilter {
  text: string;
  scope: 'all' | 'project' | 'instance';
}

/** The rows that are shown: groups by noun, and what is in those that are open. What is looked for is always open. */
export function listRows(
  procedures: readonly Procedure[],
  { text, scope }: RowFilter,
  closed: ReadonlySet<string>,
): Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = procedures.filter(
    (procedure) =>
      (scope === 'all' || procedure.scope === scope) &&
      words.every((word) => procedure.permission.toLowerCase().includes(word)),
  );
  const groups = Map.groupBy(found, ({ permission }) => permission.split('.')[0] ?? '');
  const rows: Row[] = [];
  for (const [noun, list] of groups) {
    const isOpen = words.length > 0 || !closed.has(noun);
    rows.push({ kind: 'group', noun, count: list.length, isOpen });
    if (isOpen) for (const procedure of list) rows.push({ kind: 'permission', noun, procedure });
  }
  return rows;
}
