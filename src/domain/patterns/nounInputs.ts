import type { Noun } from '../../entities/patterns/nouns.ts';

interface Common {
  name: string;
  /** Unique in the project; left out, it is made from the name. */
  identifier?: string | undefined;
  description?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
}

interface Pattern extends Common {
  uri?: string | null | undefined;
  rdfType?: string | null | undefined;
  ontologyPath?: string | null | undefined;
  categoryId?: string | null | undefined;
}

/** What people may say of each noun. */
export interface NounInputs {
  category: Common & { parentId?: string | null | undefined };
  field: Pattern & { vocabularyId?: string | null | undefined };
  model: Pattern;
  collection: Pattern;
  ontology: Common & { uri?: string | null | undefined; prefix?: string | null | undefined };
  vocabulary: Common & { uri?: string | null | undefined };
}

export type NewNoun<N extends Noun> = NounInputs[N] & { id?: string | undefined; projectId: string };
export type NounChanges<N extends Noun> = Partial<NounInputs[N]> & {
  /** What the editor saw; left out: the last write wins. */
  version?: number | undefined;
};
