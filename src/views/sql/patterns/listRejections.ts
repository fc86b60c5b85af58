import type pg from 'pg';
import type { PatternKind } from '../../../entities/patterns/patternKinds.ts';
import type { RejectionView } from '../../patternImports.ts';

/** Where a page of rejections ended: they are in the order of their files and lines. */
export interface RejectionPosition {
  kind: PatternKind;
  line: number;
}

/** The run is the left side, so that one without rejections can be told from none at all. */
const text = `
select j.kind, j.line, j.reason
from pattern_import_runs r join pattern_imports i on i.id = r.import_id
left join lateral (
  select * from pattern_import_rejections where run_id = r.id and (kind, line) > ($3::pattern_kind, $4)
  order by kind, line limit $5
) j on true
where r.id = $1 and i.project_id = $2
order by j.kind, j.line`;

/**
 * Rows that a run could not take.
 * @returns undefined when the project has no such run.
 */
export async function listRejections(
  reads: pg.Pool,
  of: { projectId: string; runId: string; position: RejectionPosition | null; limit: number },
): Promise<RejectionView[] | undefined> {
  const { kind, line } = of.position ?? { kind: 'field' as const, line: -1 };
  const { rows } = await reads.query<RejectionView | { kind: null }>({
    name: 'list rejections of pattern import',
    text,
    values: [of.runId, of.projectId, kind, line, of.limit],
  });
  if (rows.length === 0) return undefined;
  return rows.filter((row): row is RejectionView => row.kind !== null);
}
