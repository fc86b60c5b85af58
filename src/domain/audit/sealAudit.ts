import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../database/executePrepared.ts';
import { systemCause, transact } from '../../database/transaction.ts';
import { digestRows, hashSeal } from './digestRows.ts';
import type { Query } from './sql/readRows.ts';
import { rememberSalts } from './sql/salts.ts';
import { findLastSeal, insertSeal } from './sql/seals.ts';

/** Whoever seals or erases waits for whoever does so already. */
export const sealLock = `select pg_advisory_xact_lock(hashtextextended('audit seals', 0))`;

export const queryOf =
  (em: EntityManager): Query =>
  (sql, values) =>
    executePrepared(em, sql, values);

/** Transactions below the horizon are over: no row of theirs can still turn up. */
const findHorizon = `
select audit_horizon()::text as horizon,
  coalesce((select to_transaction from audit_seals where project_id is null order by number desc limit 1), 0)::text as sealed
from (values (0)) as one where $1::int = 0`;
const findProjects = `
select distinct project_id from audit_logs
where transaction_number >= $1 and transaction_number < $2`;

/** Seals the rows of one chain up to the horizon `to`; does nothing where there is nothing new. */
async function sealChain(em: EntityManager, projectId: string | null, to: string): Promise<boolean> {
  await em.execute(sealLock);
  const query = queryOf(em);
  const last = await findLastSeal(query, projectId);
  const from = last?.to_transaction ?? '0';
  if (BigInt(from) >= BigInt(to)) return false;
  const { count, seals, digest } = await digestRows(query, rememberSalts(query, true), {
    projectId,
    from,
    to,
  });
  if (count + seals === 0) return false;
  const seal = {
    project_id: projectId,
    number: (last?.number ?? 0) + 1,
    from_transaction: from,
    to_transaction: to,
    row_count: count,
    created_ms: String(Date.now()),
  };
  await insertSeal(query, uuidv7(), { ...seal, hash: hashSeal(last?.hash ?? null, seal, digest) });
  return true;
}

/**
 * Seals what the audit log has gained: a seal for each project that has something new, and last one for the
 * system, which takes in those of the projects. It only reads what transactions wrote that are over, so no
 * commit ever waits for it; after an interruption the next time goes on where it stopped.
 * @returns how many seals it put.
 */
export async function sealAudit(orm: MikroORM): Promise<number> {
  const { to, chains } = await transact(orm, systemCause, async (em) => {
    const query = queryOf(em);
    const [row] = await query<{ horizon: string; sealed: string }>(findHorizon, [0]);
    if (!row) throw new Error('The database has no horizon.');
    const found = await query<{ project_id: string | null }>(findProjects, [row.sealed, row.horizon]);
    return { to: row.horizon, chains: found.map(({ project_id }) => project_id) };
  });
  if (chains.length === 0) return 0;
  let seals = 0;
  for (const projectId of [...chains.filter((chain) => chain !== null), null])
    if (await transact(orm, systemCause, (em) => sealChain(em, projectId, to))) seals += 1;
  return seals;
}
