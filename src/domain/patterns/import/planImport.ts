import { v7 as uuidv7 } from 'uuid';
import type { Cardinality } from '../../../entities/patterns/compositionColumns.ts';
import type { ImportedRow } from '../../../entities/patterns/patternColumns.ts';
import type { ImportCounts } from '../../../entities/patterns/PatternImportRun.ts';
import { type PatternKind, patternKinds } from '../../../entities/patterns/patternKinds.ts';
import { assignIdentifiers } from './assignIdentifiers.ts';
import type { ImportRow, RejectedRow } from './ImportRow.ts';
import { md5Of, normalizeText } from './normalizeKey.ts';
import { ReferenceIndex } from './ReferenceIndex.ts';

/** A row that was imported before. */
export type KnownRow = Omit<ImportedRow, 'row'>;

/** What the project has of a kind. */
export interface Known {
  /** Of everything that is not deleted. */
  identifiers: ReadonlySet<string>;
  /** Identifier → token of what people made; see `ReferenceIndex`. */
  made: ReadonlyMap<string, string>;
  /** Import key → id and rows of what was imported. */
  imported: ReadonlyMap<string, { id: string; rows: readonly KnownRow[] }>;
}

export interface Part {
  /** Of a field or a collection: its import key, or `id:` and its id. */
  token: string;
  cardinality: Cardinality;
}

export interface NewPattern {
  id: string;
  importKey: string;
  identifier: string;
  /** The row whose words are taken. */
  from: ImportRow;
  /** All rows that it is made of, each once. */
  rows: ImportRow[];
  fields: Part[];
  /** Tokens. */
  collections: string[];
}

export interface MergedPattern {
  id: string;
  rows: ImportRow[];
}

export interface KindPlan {
  created: NewPattern[];
  merged: MergedPattern[];
  rejected: RejectedRow[];
  counts: ImportCounts;
}
export type ImportPlan = Record<PatternKind, KindPlan>;

/** A row whose references are found. */
interface ResolvedRow {
  row: ImportRow;
  importKey: string;
  fields: Part[];
  collections: string[];
}

function resolveFields(row: ImportRow, index: ReferenceIndex): Part[] | string {
  const parts = new Map<string, Part>();
  for (const { reference, cardinality } of row.fields) {
    const found = index.find(row.project, reference);
    if ('fault' in found) return `the field ${found.fault}`;
    const earlier = parts.get(found.token);
    // Two fields of a base may say the same, and are one here.
    if (earlier && earlier.cardinality !== cardinality)
      return `the field ${reference} is there twice, with the cardinalities ${earlier.cardinality} and ${cardinality}`;
    parts.set(found.token, { token: found.token, cardinality });
  }
  return [...parts.values()];
}

function resolveCollections(row: ImportRow, index: ReferenceIndex): string[] | string {
  const tokens = new Set<string>();
  for (const reference of row.collections) {
    const found = index.find(row.project, reference);
    if ('fault' in found) return `the collection ${found.fault}`;
    tokens.add(found.token);
  }
  return [...tokens];
}

/**
 * What makes two rows the same pattern: name, type, path and URI, and what it is made of. Descriptions,
 * categories, and the identifiers that each base counts for itself do not.
 */
function keyOf({ row, fields, collections }: Omit<ResolvedRow, 'importKey'>): string {
  const texts = [row.name, row.rdfType, row.ontologyPath, row.uri].map((text) => normalizeText(text ?? ''));
  return md5Of([row.kind, texts, fields.map((part) => [part.token, part.cardinality]), collections]);
}

function resolve(row: ImportRow, indexes: Record<PatternKind, ReferenceIndex>): ResolvedRow | RejectedRow {
  const { kind, line } = row;
  const fields = resolveFields(row, indexes.field);
  if (typeof fields === 'string') return { kind, line, reason: fields };
  const collections = resolveCollections(row, indexes.collection);
  if (typeof collections === 'string') return { kind, line, reason: collections };
  return { row, fields, collections, importKey: keyOf({ row, fields, collections }) };
}

/** Rows by their hash, each once, in the order of the hashes: whatever order they came in. */
function distinct(rows: readonly ImportRow[]): ImportRow[] {
  const byHash = new Map(rows.map((row) => [row.hash, row]));
  return [...byHash.values()].toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
}

function planKind(
  rows: readonly ImportRow[],
  rejected: readonly RejectedRow[],
  known: Known,
  indexes: Record<PatternKind, ReferenceIndex>,
): KindPlan {
  const plan: KindPlan = {
    created: [],
    merged: [],
    rejected: [...rejected],
    counts: { read: rows.length + rejected.length, created: 0, merged: 0, unchanged: 0, rejected: 0 },
  };
  const byKey = new Map<string, ResolvedRow[]>();
  for (const row of rows) {
    const found = resolve(row, indexes);
    if ('reason' in found) plan.rejected.push(found);
    else {
      const others = byKey.get(found.importKey);
      if (others) others.push(found);
      else byKey.set(found.importKey, [found]);
    }
  }
  for (const [importKey, group] of byKey) {
    const given = group.map((one) => one.row);
    const there = known.imported.get(importKey);
    const hashes = new Set(there?.rows.map((row) => row.hash));
    const further = given.filter((row) => !hashes.has(row.hash));
    plan.counts.unchanged += given.length - further.length;
    if (there) {
      plan.counts.merged += further.length;
      if (further.length > 0) plan.merged.push({ id: there.id, rows: distinct(further) });
      continue;
    }
    const [from, ...others] = distinct(given);
    const first = group[0];
    if (!from || !first) continue;
    plan.counts.created += 1;
    plan.counts.merged += given.length - 1;
    const { fields, collections } = first;
    const id = uuidv7();
    plan.created.push({ id, importKey, identifier: '', from, rows: [from, ...others], fields, collections });
  }
  plan.created.sort((a, b) => (a.importKey < b.importKey ? -1 : 1));
  plan.rejected.sort((a, b) => a.line - b.line);
  plan.counts.rejected = plan.rejected.length;
  assignIdentifiers(plan.created, new Set(known.identifiers));
  return plan;
}

/** Makes what a plan will have of a kind findable for the kinds that are made of it. */
function learn(index: ReferenceIndex, known: Known, { created, merged }: KindPlan): void {
  const tokens = new Map<string, string>();
  for (const [token, { id, rows }] of known.imported) {
    tokens.set(id, token);
    for (const row of rows) index.add({ ...row, token });
  }
  for (const { importKey, rows } of created) for (const row of rows) index.add({ ...row, token: importKey });
  for (const { id, rows } of merged) {
    const token = tokens.get(id);
    if (token) for (const row of rows) index.add({ ...row, token });
  }
}

/**
 * Decides what becomes of each row, without doing any of it: a pattern is made of all rows with one key, new
 * or added to one that is there. The order of the rows does not matter, and rows that were imported before
 * change nothing.
 */
export function planImport(
  given: Record<PatternKind, { rows: readonly ImportRow[]; rejected: readonly RejectedRow[] }>,
  known: Record<PatternKind, Known>,
): ImportPlan {
  const indexes = {
    field: new ReferenceIndex(known.field.made),
    collection: new ReferenceIndex(known.collection.made),
    model: new ReferenceIndex(known.model.made),
  };
  const plans: Partial<ImportPlan> = {};
  for (const kind of patternKinds) {
    const { rows, rejected } = given[kind];
    const plan = planKind(rows, rejected, known[kind], indexes);
    learn(indexes[kind], known[kind], plan);
    plans[kind] = plan;
  }
  return plans as ImportPlan;
}
