import { Category } from '../../entities/patterns/Category.ts';
import { Collection } from '../../entities/patterns/Collection.ts';
import { Field } from '../../entities/patterns/Field.ts';
import { Model } from '../../entities/patterns/Model.ts';
import type { Noun } from '../../entities/patterns/nouns.ts';
import { Ontology } from '../../entities/patterns/Ontology.ts';
import { Vocabulary } from '../../entities/patterns/Vocabulary.ts';
import {
  type NounViews,
  viewCategory,
  viewCollection,
  viewField,
  viewModel,
  viewOntology,
  viewVocabulary,
} from '../../views/patterns.ts';

/** The entity of each noun. */
export const nounEntities = {
  category: Category,
  field: Field,
  model: Model,
  collection: Collection,
  ontology: Ontology,
  vocabulary: Vocabulary,
} as const satisfies Record<Noun, unknown>;

export type NounEntity<N extends Noun> = InstanceType<(typeof nounEntities)[N]>;

const views: { [N in Noun]: (entity: NounEntity<N>) => NounViews[N] } = {
  category: viewCategory,
  field: viewField,
  model: viewModel,
  collection: viewCollection,
  ontology: viewOntology,
  vocabulary: viewVocabulary,
};

/** What a noun shows in lists, in events and where it was changed. */
export function viewNoun<N extends Noun>(noun: N, entity: NounEntity<N>): NounViews[N] {
  return views[noun](entity);
}
