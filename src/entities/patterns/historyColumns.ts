/** What the histories have in common: a row for each version of what they tell of. */
import { p } from '@mikro-orm/core';
import { id } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';

export const historyActions = ['create', 'update', 'delete', 'restore'] as const;
export type HistoryAction = (typeof historyActions)[number];

/** What changed: name of the value → what it was and what it became. */
export type HistoryDiff = Record<string, { old: unknown; new: unknown }>;

export const historyColumns = () => ({
  id: id(),
  /** The row version that the change led to. */
  version: p.integer(),
  action: p.enum(historyActions).nativeEnumName('history_action'),
  changedBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
  /** Everything as it was after the change. */
  state: p.json().$type<Record<string, unknown>>(),
  /** Empty for the first version, where everything is new. */
  diff: p
    .json()
    .$type<HistoryDiff>()
    .defaultRaw(`'{}'::jsonb`)
    .onCreate(() => ({})),
  createdAt: p.datetime().columnType('timestamptz(3)').defaultRaw('now()'),
});

/** @param key the column that says whose history it is, as `field_id`. */
export function historyIndexes(table: string, key: string) {
  const on = (name: string) => `"${table}_${name}" on "${table}"`;
  return {
    indexes: [
      {
        name: `${table}_created_at_index`,
        expression: `create index ${on('created_at_index')} ("${key}", "created_at", "id")`,
      },
    ],
    uniques: [
      {
        name: `${table}_version_unique`,
        expression: `create unique index ${on('version_unique')} ("${key}", "version")`,
      },
    ],
  };
}
