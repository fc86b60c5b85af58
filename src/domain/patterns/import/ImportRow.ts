import type { Cardinality } from '../../../entities/patterns/compositionColumns.ts';
import type { PatternKind } from '../../../entities/patterns/patternKinds.ts';

/** A field or a collection as a row names it: by identifier or by name. */
export interface NamedPart {
  reference: string;
  cardinality: Cardinality;
}

/** A row of a file that can be imported, as far as the row alone can tell. */
export interface ImportRow {
  kind: PatternKind;
  line: number;
  /** The project that it comes from; '' where neither the row nor the import says. */
  project: string;
  /** MD5 of project and raw row. */
  hash: string;
  /** Header → cell, as it stood there. */
  row: Record<string, string>;
  name: string;
  identifier: string | null;
  description: string;
  uri: string | null;
  rdfType: string | null;
  ontologyPath: string | null;
  category: string | null;
  fields: NamedPart[];
  collections: string[];
}

/** A row that cannot be imported, and why. */
export interface RejectedRow {
  kind: PatternKind;
  line: number;
  reason: string;
}
