import type { Change, Matrix } from './rules.ts';

/** How a permission stands for a role: by a rule of its own, by one it inherits, denied by a rule, or of no rule. */
export type State = 'own' | 'inherited' | 'denied' | 'none';

export interface CellView {
  state: State;
  /** The role whose rule it is, and the permission or wildcard that this names; empty when there is none. */
  from: string;
  pattern: string;
}

const nothing: CellView = { state: 'none', from: '', pattern: '' };

/** By role and permission. */
export type CellIndex = ReadonlyMap<string, ReadonlyMap<string, CellView>>;

export function indexCells({ cells }: Matrix): CellIndex {
  return new Map(
    cells.map(({ role, own, inherited, denied }) => {
      const views = new Map<string, CellView>();
      const put = (state: State, list: typeof own) => {
        for (const { permission, from, pattern } of list) views.set(permission, { state, from, pattern });
      };
      put('inherited', inherited);
      put('own', own);
      put('denied', denied);
      return [role, views];
    }),
  );
}

export const cellAt = (index: CellIndex, role: string, permission: string): CellView =>
  index.get(role)?.get(permission) ?? nothing;

/** A cell in words, for who does not see it. */
export function describeCell(role: string, permission: string, { state, from, pattern }: CellView): string {
  const by = pattern === permission ? '' : `, by the rule ${pattern}`;
  if (state === 'own') return `${role} may ${permission} by a rule of its own${by}`;
  if (state === 'inherited') return `${role} may ${permission}, inherited from ${from}${by}`;
  if (state === 'denied')
    return `${role} may never ${permission}: denied by a rule of ${from === role ? 'its own' : from}${by}`;
  return `${role} may not ${permission}: no rule allows it`;
}

/** What a cell's being chosen means: the change to be drafted, or why there is none. */
export function changeOf(role: string, permission: string, cell: CellView): Change | string {
  const [object = '', action = ''] = permission.split('.');
  const rule = { kind: 'permission', role, object, action } as const;
  const isExact = cell.from === role && cell.pattern === permission;
  if (cell.state === 'none') return { op: 'add', rule: { ...rule, effect: 'allow' } };
  if (cell.state === 'denied')
    return isExact
      ? { op: 'remove', rule: { ...rule, effect: 'deny' } }
      : `It is denied by the rule ${cell.pattern} of ${cell.from}. Change it there.`;
  if (isExact) return { op: 'remove', rule: { ...rule, effect: 'allow' } };
  return { op: 'add', rule: { ...rule, effect: 'deny' } };
}
