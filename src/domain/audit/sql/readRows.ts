import pg from 'pg';
import type { ConcealableRow } from '../concealRow.ts';
import { personalKeys } from '../personalValues.ts';

/** Runs a statement with parameters, in a transaction or on a connection of its own. */
export type Query = <Row>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

/** A row of the audit log as its seal reads it. Everything exact is text, whatever the driver makes of types. */
export interface SealedRow extends ConcealableRow {
  project_id: string | null;
  action: string;
  /** `changes` without personal keys, as PostgreSQL writes it: JavaScript would round long numbers. */
  rest: string;
  via: string;
  request_id: string | null;
  /** Milliseconds since 1970. */
  created_ms: string;
  transaction_number: string;
}

const withoutPersonal = Object.entries(personalKeys)
  .map(([type, keys]) => `when '${type}' then (changes - '{${keys.join(',')}}'::text[])::text`)
  .join(' ');

export const sealedColumns = `id, user_id, project_id, action, entity_type, entity_id, changes,
  case entity_type ${withoutPersonal} else changes::text end as rest,
  via, request_id, ip_address, user_agent, (extract(epoch from created_at) * 1000)::bigint::text as created_ms,
  transaction_number::text`;

/** `project_id is not distinct from $1` would use no index. */
export const ofChain = (parameter: string, projectId: string | null) =>
  projectId === null ? `${parameter}::uuid is null and project_id is null` : `project_id = ${parameter}`;

/**
 * A cursor, whose statement takes no parameters. Pages by keyset would be planned one by one, and where the
 * planner guesses that a project has few rows, each would sort all of them anew.
 */
const declare = ({ projectId, from, to }: ChainRange) => `
declare chain no scroll cursor for
select ${sealedColumns}
from audit_logs
where ${projectId === null ? 'project_id is null' : `project_id = ${pg.escapeLiteral(projectId)}`}
  and transaction_number >= ${BigInt(from)} and transaction_number < ${BigInt(to)}
order by transaction_number, id`;
const pageSize = 1000;

/** The rows of a chain whose transactions are from `from` to before `to`; numbers as text. */
export interface ChainRange {
  projectId: string | null;
  from: string;
  to: string;
}

/** The rows of a range, page by page. @param query in a transaction. */
export async function* readRows(query: Query, range: ChainRange): AsyncGenerator<SealedRow[]> {
  await query(declare(range), []);
  for (;;) {
    const rows = await query<SealedRow>(`fetch ${pageSize} from chain`, []);
    if (rows.length > 0) yield rows;
    if (rows.length < pageSize) break;
  }
  await query('close chain', []);
}
