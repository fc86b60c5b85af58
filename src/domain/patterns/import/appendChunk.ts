import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { PatternKind } from '../../../entities/patterns/patternKinds.ts';
import { fail } from '../../../errors.ts';
import { findImport } from './findImport.ts';

/** Bytes in all files of one import: they are read into memory when it runs. */
const mostBytes = 64 * 2 ** 20;

export interface NewChunk {
  projectId: string;
  importId: string;
  kind: PatternKind;
  /** From 0, without gaps; they may come in any order. */
  index: number;
  content: string;
}

/** By SQL: a piece of a file is no change that anyone wants in the audit log. */
const insert = `
with added as (
  insert into pattern_import_chunks (import_id, kind, chunk_index, content) values ($1, $2::pattern_kind, $3, $4)
)
update pattern_imports set size_bytes = size_bytes + octet_length($4), updated_at = now() where id = $1::uuid
returning size_bytes as "sizeBytes"`;

const find = `
select content = $4 as "isSame" from pattern_import_chunks where import_id = $1 and kind = $2::pattern_kind and chunk_index = $3`;

/**
 * Gives an import a piece of a file; giving the same piece again changes nothing.
 * @returns bytes of all that was given so far
 * @throws NOT_FOUND, IMPORT_CHUNK_CLASH, IMPORT_TOO_LARGE
 */
export async function appendChunk(em: EntityManager, chunk: NewChunk): Promise<{ sizeBytes: number }> {
  const { importId, kind, index, content } = chunk;
  const { sizeBytes } = await findImport(em, chunk);
  const values = [importId, kind, index, content];
  const [known] = await executePrepared<{ isSame: boolean }>(em, find, values);
  if (known) return known.isSame ? { sizeBytes } : fail('IMPORT_CHUNK_CLASH', { index, kind });
  if (sizeBytes + Buffer.byteLength(content) > mostBytes) fail('IMPORT_TOO_LARGE', { limit: mostBytes });
  const [row] = await executePrepared<{ sizeBytes: number }>(em, insert, values);
  return { sizeBytes: row?.sizeBytes ?? 0 };
}
