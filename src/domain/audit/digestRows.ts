import { createHash } from 'node:crypto';
import { conceal, isPlain, personalValuesOf } from './concealRow.ts';
import { type ChainRange, type Query, type SealedRow, readRows } from './sql/readRows.ts';
import type { FindSalts } from './sql/salts.ts';
import { type SealRow, listProjectSeals } from './sql/seals.ts';

/** A row in the one form that is hashed: a JSON array, personal values as commitments. */
function writeRow(row: SealedRow, salts: ReadonlyMap<string, Buffer>): string {
  return JSON.stringify([
    row.id,
    row.user_id,
    row.project_id,
    row.action,
    row.entity_type,
    row.entity_id,
    row.rest,
    row.via,
    row.request_id,
    row.created_ms,
    row.transaction_number,
    personalValuesOf(row).map((value) => [value.place, conceal(row, value, salts.get(value.person))]),
  ]);
}

function peopleIn(rows: readonly SealedRow[]): Set<string> {
  return new Set(
    rows.flatMap((row) =>
      personalValuesOf(row).flatMap(({ person, value }) => (isPlain(value) ? [person] : [])),
    ),
  );
}

/**
 * Counts and hashes what a seal covers: the rows of a chain in the order of their transactions, and for the
 * system's chain the seals that were put on projects meanwhile.
 */
export async function digestRows(
  query: Query,
  findSalts: FindSalts,
  range: ChainRange,
): Promise<{ count: number; seals: number; digest: string }> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const rows of readRows(query, range)) {
    const salts = await findSalts(peopleIn(rows));
    for (const row of rows) hash.update(writeRow(row, salts)).update('\n');
    count += rows.length;
  }
  const seals = range.projectId === null ? await listProjectSeals(query, range) : [];
  for (const seal of seals)
    hash.update(JSON.stringify([seal.project_id, seal.number, seal.hash])).update('\n');
  return { count, seals: seals.length, digest: hash.digest('hex') };
}

/** The hash of a seal. @param before the hash of the seal before it; null: it is the first of its chain. */
export function hashSeal(before: string | null, seal: Omit<SealRow, 'hash'>, digest: string): string {
  const { project_id, number, from_transaction, to_transaction, row_count, created_ms } = seal;
  return createHash('sha256')
    .update(
      JSON.stringify([
        before,
        project_id,
        number,
        from_transaction,
        to_transaction,
        row_count,
        created_ms,
        digest,
      ]),
    )
    .digest('hex');
}
