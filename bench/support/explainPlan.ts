import type pg from 'pg';

export interface Statement {
  text: string;
  values: readonly unknown[];
  /** Whether it is prepared under a name, and so may get one plan for any values. */
  isPrepared: boolean;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

/** One step of a plan that reads a table. */
export interface TableRead {
  /** Such as `Index Scan`, `Bitmap Heap Scan` or `Seq Scan`. */
  step: string;
  table: string;
}

function toStatement([query, values]: unknown[]): Statement {
  const given = (typeof query === 'string' ? { text: query, values } : query) as Partial<pg.QueryConfig>;
  return { text: given.text ?? '', values: given.values ?? [], isPrepared: given.name !== undefined };
}

/** The same pool, which notes every statement that it, or a client of it, is given. */
export function recordStatements(pool: pg.Pool): { pool: pg.Pool; statements: Statement[] } {
  const statements: Statement[] = [];
  const record = <T extends pg.Pool | pg.PoolClient>(target: T): T =>
    new Proxy(target, {
      get(_, key) {
        if (key === 'connect' && 'connect' in target)
          return async () => record((await target.connect()) as pg.PoolClient);
        if (key === 'query') {
          return (...parameters: [string, unknown[]]) => {
            statements.push(toStatement(parameters));
            return target.query(...parameters);
          };
        }
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return { pool: record(pool), statements };
}

function readsOf(node: PlanNode): TableRead[] {
  const table = node['Relation Name'];
  const own = table === undefined ? [] : [{ step: node['Node Type'], table }];
  return own.concat((node.Plans ?? []).flatMap(readsOf));
}

/** How PostgreSQL reads for a statement. */
export interface Reads {
  tables: TableRead[];
  /** Pages of 8 kB that were looked at: an index that is read from end to end shows here alone. */
  pages: number;
}

/**
 * How a statement is read with its values and, if it is prepared, by the plan for any values that PostgreSQL may
 * settle for. The statement is carried out. Needs PostgreSQL 16.
 */
export async function explainReads(pool: pg.Pool, { text, values, isPrepared }: Statement): Promise<Reads> {
  type Answer = { 'QUERY PLAN': { Plan: PlanNode }[] };
  const options = 'analyze, buffers, timing off, format json';
  const own = await pool.query<Answer>(`explain (${options}) ${text}`, [...values]);
  const plans = own.rows[0]?.['QUERY PLAN'] ?? [];
  const pages = plans.map(({ Plan }) => (Plan['Shared Hit Blocks'] ?? 0) + (Plan['Shared Read Blocks'] ?? 0));
  if (isPrepared) {
    const generic = await pool.query<Answer>(`explain (format json, generic_plan) ${text}`);
    plans.push(...(generic.rows[0]?.['QUERY PLAN'] ?? []));
  }
  return {
    tables: plans.flatMap(({ Plan }) => readsOf(Plan)),
    pages: pages.reduce((sum, each) => sum + each, 0),
  };
}
