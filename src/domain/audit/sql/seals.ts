import { type Query, ofChain } from './readRows.ts';

/** A seal as it is stored; numbers of transactions as text. */
export interface SealRow {
  project_id: string | null;
  number: number;
  from_transaction: string;
  to_transaction: string;
  row_count: number;
  /** Hexadecimal. */
  hash: string;
  /** Milliseconds since 1970. */
  created_ms: string;
}

const columns = `project_id, number, from_transaction::text, to_transaction::text, row_count, encode(hash, 'hex') as hash,
  (extract(epoch from created_at) * 1000)::bigint::text as created_ms`;

/** The seals of a chain, first to last. */
export function listSeals(query: Query, projectId: string | null): Promise<SealRow[]> {
  return query<SealRow>(
    `select ${columns} from audit_seals where ${ofChain('$1', projectId)} order by number`,
    [projectId],
  );
}

/** The last seal of a chain. */
export async function findLastSeal(query: Query, projectId: string | null): Promise<SealRow | undefined> {
  const [seal] = await query<SealRow>(
    `select ${columns} from audit_seals where ${ofChain('$1', projectId)} order by number desc limit 1`,
    [projectId],
  );
  return seal;
}

/** Seals of projects that reach beyond `from`, but not beyond `to`: the system's next seal takes them in. */
export function listProjectSeals(query: Query, range: { from: string; to: string }): Promise<SealRow[]> {
  return query<SealRow>(
    `select ${columns} from audit_seals
    where project_id is not null and to_transaction > $1 and to_transaction <= $2
    order by project_id, number`,
    [range.from, range.to],
  );
}

const insert = `
insert into audit_seals (id, project_id, number, from_transaction, to_transaction, row_count, hash, created_at)
values ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), to_timestamp($8::bigint / 1000.0))`;

export async function insertSeal(query: Query, id: string, seal: SealRow): Promise<void> {
  await query(insert, [
    id,
    seal.project_id,
    seal.number,
    seal.from_transaction,
    seal.to_transaction,
    seal.row_count,
    seal.hash,
    seal.created_ms,
  ]);
}
