import type pg from 'pg';
import type { PatternKind } from '../../../../entities/patterns/patternKinds.ts';

export interface GivenFiles {
  /** The project that rows come from which do not name one themselves. */
  source: string;
  /** The pieces of each file, in their order; none: there is no such file. */
  chunks: Record<PatternKind, string[]>;
}

/** The files of an import, undefined when it is gone. */
export async function readChunks(reads: pg.Pool, importId: string): Promise<GivenFiles | undefined> {
  const found = await reads.query<{ source: string }>('select source from pattern_imports where id = $1', [
    importId,
  ]);
  const source = found.rows[0]?.source;
  if (source === undefined) return undefined;
  const { rows } = await reads.query<{ kind: PatternKind; content: string }>(
    'select kind, content from pattern_import_chunks where import_id = $1 order by kind, chunk_index',
    [importId],
  );
  const chunks: GivenFiles['chunks'] = { field: [], collection: [], model: [] };
  for (const { kind, content } of rows) chunks[kind].push(content);
  return { source, chunks };
}
