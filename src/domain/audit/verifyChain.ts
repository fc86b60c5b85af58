import type pg from 'pg';
import { readInOneInstant } from '../../database/readInOneInstant.ts';
import type { AuditVerdict } from '../../views/audit.ts';
import { digestRows, hashSeal } from './digestRows.ts';
import { type Query, ofChain } from './sql/readRows.ts';
import { rememberSalts } from './sql/salts.ts';
import { type SealRow, findLastSeal, listSeals } from './sql/seals.ts';

type Broken = NonNullable<AuditVerdict['firstBroken']>;

const brokenAt = (number: number, reason: Broken['reason'], seal?: SealRow): Broken => ({
  number,
  reason,
  sealedAt: seal ? new Date(Number(seal.created_ms)) : null,
});

/** What is wrong with a seal, if anything. */
async function checkSeal(
  query: Query,
  findSalts: ReturnType<typeof rememberSalts>,
  seal: SealRow,
  before: SealRow | undefined,
): Promise<Broken | null> {
  const number = (before?.number ?? 0) + 1;
  if (seal.number !== number || seal.from_transaction !== (before?.to_transaction ?? '0'))
    return brokenAt(number, 'sealMissing');
  const range = { projectId: seal.project_id, from: seal.from_transaction, to: seal.to_transaction };
  const { count, digest } = await digestRows(query, findSalts, range);
  if (count < seal.row_count) return brokenAt(number, 'rowsRemoved', seal);
  if (count > seal.row_count) return brokenAt(number, 'rowsAdded', seal);
  const isWhole = hashSeal(before?.hash ?? null, seal, digest) === seal.hash;
  return isWhole ? null : brokenAt(number, 'changed', seal);
}

const countOpen = (projectId: string | null) => `
select count(*)::int as unsealed, count(*) filter (where transaction_number < $3)::int as overdue
from audit_logs where ${ofChain('$1', projectId)} and transaction_number >= $2`;

async function verify(query: Query, projectId: string | null): Promise<AuditVerdict> {
  const seals = await listSeals(query, projectId);
  const findSalts = rememberSalts(query, false);
  let rows = 0;
  let firstBroken: Broken | null = null;
  let before: SealRow | undefined;
  for (const seal of seals) {
    firstBroken = await checkSeal(query, findSalts, seal, before);
    if (firstBroken) break;
    rows += seal.row_count;
    before = seal;
  }
  const last = seals.at(-1);
  // What the system's last seal reaches beyond, every chain was sealed to.
  const system = await findLastSeal(query, null);
  const [open] = await query<{ unsealed: number; overdue: number }>(countOpen(projectId), [
    projectId,
    last?.to_transaction ?? '0',
    system?.to_transaction ?? '0',
  ]);
  if (!firstBroken && open && open.overdue > 0)
    firstBroken = brokenAt((last?.number ?? 0) + 1, 'sealMissing');
  return {
    ok: firstBroken === null,
    seals: seals.length,
    rows,
    unsealed: open?.unsealed ?? 0,
    head: last?.hash ?? null,
    firstBroken,
  };
}

/**
 * Computes the seals of a chain anew, in one instant of the database, and says which does not fit first.
 * @param projectId null: the chain of what belongs to no project, which also covers the projects' seals.
 */
export async function verifyChain(reads: pg.Pool, projectId: string | null): Promise<AuditVerdict> {
  const verdicts = readInOneInstant(reads, async function* (client) {
    yield verify(async (sql, values) => (await client.query(sql, [...values])).rows as never, projectId);
  });
  let verdict: AuditVerdict | undefined;
  for await (const found of verdicts) verdict = found;
  if (!verdict) throw new Error('The chain was not read.');
  return verdict;
}
