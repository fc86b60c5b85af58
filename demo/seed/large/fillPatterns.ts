/** A million patterns as fast as the database takes them: made by it, from numbers, in a few statements. */
import type pg from 'pg';
import { heads, makeWords } from './words.ts';

export type LargeTable = 'fields' | 'models' | 'collections';

/** Distinct for each table and number, in the order of time, and UUID v7 in form (RFC 9562). */
const idOf = (table: LargeTable, n: string) =>
  `(lpad(to_hex(1767225600000 + ${n}), 12, '0') || '7' || '${{ fields: '001', models: '002', collections: '003' }[table]}8' || lpad(to_hex(${n}), 15, '0'))::uuid`;

/** From 0 to 1, spread evenly; the same for the same number and salt (Knuth's multiplicative hash). */
const even = (n: string, salt: number) =>
  `(((${n} + ${salt}) * 2654435761 # ((${n} + ${salt}) >> 7) * 40503) % 1048573 / 1048573.0)`;

/** One of an array; the first ones far more often, as words of a language are. */
const common = (array: string, n: string, salt: number) =>
  `(${array})[1 + floor(array_length(${array}, 1) * power(${even(n, salt)}, 3))::int]`;

/** Half of the rows lie in the first project, a third of the rest in the second, and so on. */
const project = (n: string) =>
  `($1::uuid[])[1 + floor(array_length($1::uuid[], 1) * power(${even(n, 11)}, 5))::int]`;

/**
 * Numbers, texts, and a row: what a name is made of is worked out once. Identifiers end in the number, so they
 * are unique; two rows in three are told to be "recorded", and one in eight thousand shares its rarest word.
 */
export const composePatterns = (table: LargeTable) => `
insert into ${table} (id, project_id, author_id, name, identifier, description, created_at, updated_at)
select ${idOf(table, 'n')}, project_id, $2::uuid, name, replace(lower(name), ' ', '-') || '-' || n, description, moment, moment
from (
  select n, project_id, moment, head || ' of ' || first || ' ' || second as name,
    case when n % 3 < 2 then 'Recorded for each ' else 'Kept with every ' end || third || ', see ' || rare || '.' as description
  from (
    select n::bigint as n, ${project('n::bigint')} as project_id,
      timestamptz '2026-01-01T00:00:00Z' + make_interval(secs => n) as moment,
      ($3::text[])[1 + floor(array_length($3::text[], 1) * ${even('n::bigint', 23)})::int] as head,
      ${common('$4::text[]', 'n::bigint', 31)} as first, ${common('$4::text[]', 'n::bigint', 47)} as second,
      ${common('$4::text[]', 'n::bigint', 59)} as third,
      ($4::text[])[1 + floor(array_length($4::text[], 1) * ${even('n::bigint', 71)})::int] as rare
    from generate_series($5::int, $6::int) as n offset 0
  ) parts offset 0
) texts`;

export interface LargeWorld {
  projectIds: readonly string[];
  authorId: string;
}

/** Inserts the patterns numbered `from` to `to` of a table. */
export async function fillPatterns(
  client: pg.ClientBase,
  table: LargeTable,
  world: LargeWorld,
  range: { from: number; to: number },
): Promise<void> {
  await client.query(composePatterns(table), [
    world.projectIds,
    world.authorId,
    heads,
    makeWords(8_000),
    range.from,
    range.to,
  ]);
}
