import { useSyncExternalStore } from 'react';
import { type Change, keyOf } from './rules.ts';

/** Changes of the policy that are being thought over. They stay while one looks at other pages. */
export interface Draft {
  changes: readonly Change[];
  /** Epoch of the policy that they were decided on; null while there are none. */
  baseEpoch: number | null;
}

const nothing: Draft = { changes: [], baseEpoch: null };
let draft = nothing;
const listeners = new Set<() => void>();

function set(next: Draft): void {
  draft = next.changes.length > 0 ? next : nothing;
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useDraft = (): Draft => useSyncExternalStore(watch, () => draft);

/** Takes a change in, or out again if it is there. */
export function toggleChange(change: Change, epoch: number): void {
  const key = keyOf(change.rule);
  const others = draft.changes.filter(({ rule }) => keyOf(rule) !== key);
  const changes = others.length < draft.changes.length ? others : [...others, change];
  set({ changes, baseEpoch: draft.baseEpoch ?? epoch });
}

export const discardDraft = () => set(nothing);

/** The same changes, decided on a newer policy. */
export const rebaseDraft = (epoch: number) => set({ ...draft, baseEpoch: epoch });

/** Which cells the draft speaks of: `role permission` → the change. Wildcards and inheritance speak of no one cell. */
export const draftedCells = ({ changes }: Draft): ReadonlyMap<string, Change> =>
  new Map(
    changes.flatMap((change) => {
      const { rule } = change;
      return rule.kind === 'permission'
        ? [[`${rule.role} ${rule.object}.${rule.action}`, change] as const]
        : [];
    }),
  );
