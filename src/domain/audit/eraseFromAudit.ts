import type { EntityManager } from '@mikro-orm/postgresql';
import { conceal, isPlain, personalValuesOf } from './concealRow.ts';
import { queryOf, sealLock } from './sealAudit.ts';
import { type SealedRow, sealedColumns } from './sql/readRows.ts';
import { rememberSalts } from './sql/salts.ts';

const findRows = `
select ${sealedColumns} from audit_logs
where user_id = $1::uuid or (entity_type = 'actors' and entity_id = $1::text)
  or (entity_type in ('sessions', 'email_tokens') and coalesce(changes #>> '{userId,new}', changes #>> '{actorId,new}') = $1::text)
order by id`;

const store = `
update audit_logs a set changes = a.changes || n.patch, ip_address = n.ip_address, user_agent = n.user_agent
from jsonb_to_recordset($1::jsonb) as n(id uuid, patch jsonb, ip_address text, user_agent text)
where a.id = n.id`;

interface Erased {
  id: string;
  ip_address: string | null;
  user_agent: string | null;
  /** The keys of `changes` to put over those that are there. */
  patch: SealedRow['changes'];
}

/** What of a row changes when a person's values give way to commitments; undefined: it has none of theirs. */
function eraseRow(row: SealedRow, actorId: string, salt: Buffer | undefined): Erased | undefined {
  const own = personalValuesOf(row).filter(({ person, value }) => person === actorId && isPlain(value));
  if (own.length === 0) return undefined;
  const erased: Erased = { id: row.id, ip_address: row.ip_address, user_agent: row.user_agent, patch: {} };
  for (const value of own) {
    const commitment = conceal(row, value, salt);
    if (value.place === 'ip_address' || value.place === 'user_agent')
      erased[value.place] = commitment as string | null;
    else {
      const [, key = '', side = 'new'] = value.place.split('.');
      erased.patch[key] = { ...(erased.patch[key] ?? row.changes[key]), [side]: commitment };
    }
  }
  return erased;
}

/**
 * Erases a person from the audit log: their names, addresses and programs give way to the commitments that the
 * seals took in, and the salt is destroyed. What was done, when and by which id stays, and so does every seal.
 * @returns how many rows told of them.
 */
export async function eraseFromAudit(em: EntityManager, actorId: string): Promise<number> {
  await em.execute(sealLock);
  const query = queryOf(em);
  const rows = await query<SealedRow>(findRows, [actorId]);
  const salts = await rememberSalts(query, true)(new Set([actorId]));
  const erased = rows.flatMap((row) => eraseRow(row, actorId, salts.get(actorId)) ?? []);
  await em.execute(`set local tessera.erasing = 'on'`);
  for (let at = 0; at < erased.length; at += 1000)
    await query(store, [JSON.stringify(erased.slice(at, at + 1000))]);
  await em.execute('set local tessera.erasing to default');
  await query('delete from audit_salts where actor_id = $1', [actorId]);
  return erased.length;
}
