import type { Area, Place, Step } from './place.ts';

type Noun = 'category' | 'field' | 'model' | 'collection' | 'ontology' | 'vocabulary';
type Of<N extends Noun> = { projectId: string } & Record<`${N}Id`, string>;

/** What the routers of all these nouns can do. */
interface Router<N extends Noun> {
  create: { mutate(input: { projectId: string; name: string }): Promise<{ id: string }> };
  update: { mutate(input: Of<N> & { name: string }): Promise<unknown> };
  delete: { mutate(input: Of<N>): Promise<unknown> };
  restore: { mutate(input: Of<N>): Promise<unknown> };
}

/**
 * The four changes that every one of them knows.
 * @param more of what it is made.
 */
function changesOf<N extends Noun>(
  noun: N,
  routerOf: (api: Place['api']) => Router<N>,
  more: (place: Place) => object = () => ({}),
): Step[] {
  const of = ({ projectId, ids }: Place) => ({ projectId, [`${noun}Id`]: ids[noun]! }) as Of<N>;
  return [
    {
      causes: [`${noun}.created`],
      async act(place) {
        const input = { projectId: place.projectId, name: `A ${noun}`, ...more(place) };
        place.ids[noun] = (await routerOf(place.api).create.mutate(input)).id;
      },
    },
    {
      causes: [`${noun}.updated`],
      act: (place) => routerOf(place.api).update.mutate({ ...of(place), name: `Another ${noun}` }),
    },
    { causes: [`${noun}.deleted`], act: (place) => routerOf(place.api).delete.mutate(of(place)) },
    { causes: [`${noun}.restored`], act: (place) => routerOf(place.api).restore.mutate(of(place)) },
  ];
}

/** An ontology with a property. @returns the property's id. */
async function addWords(api: Place['api'], projectId: string): Promise<string> {
  const { id: ontologyId } = await api.ontologies.create.mutate({ projectId, name: 'Words' });
  const word = { name: 'Title', uri: 'http://example.org/title', kind: 'property' } as const;
  return (await api.ontologies.addClass.mutate({ projectId, ontologyId, ...word })).id;
}

export const patterns: Area = {
  name: 'fields, models, collections and categories',
  lists: ['categories', 'fields', 'models', 'collections'],
  async prepare({ api, projectId, ids }) {
    ids['class'] = await addWords(api, projectId);
  },
  steps: [
    ...changesOf('category', ({ categories }) => categories),
    ...changesOf(
      'field',
      ({ fields }) => fields,
      ({ ids }) => ({ categoryId: ids['category'] }),
    ),
    {
      causes: ['field.semanticsSet'],
      act({ api, projectId, ids }) {
        const semantics = [{ classId: ids['class']!, relation: 'property' as const }];
        return api.fields.setSemantics.mutate({ projectId, fieldId: ids['field']!, semantics });
      },
    },
    ...changesOf('collection', ({ collections }) => collections),
    {
      causes: ['collection.fieldsSet'],
      act({ api, projectId, ids }) {
        const fields = [{ fieldId: ids['field']!, cardinality: '+' as const }];
        return api.collections.setFields.mutate({ projectId, collectionId: ids['collection']!, fields });
      },
    },
    ...changesOf('model', ({ models }) => models),
    {
      causes: ['model.fieldsSet'],
      act({ api, projectId, ids }) {
        const fields = [{ fieldId: ids['field']!, cardinality: '1' as const }];
        return api.models.setFields.mutate({ projectId, modelId: ids['model']!, fields });
      },
    },
    {
      causes: ['model.collectionsSet'],
      act({ api, projectId, ids }) {
        const collections = [{ collectionId: ids['collection']! }];
        return api.models.setCollections.mutate({ projectId, modelId: ids['model']!, collections });
      },
    },
  ],
};

export const trees: Area = {
  name: 'ontologies and vocabularies',
  lists: ['ontologies', 'ontologyClasses', 'vocabularies', 'terms'],
  steps: [
    ...changesOf('ontology', ({ ontologies }) => ontologies),
    {
      causes: ['ontology.classAdded'],
      async act({ api, projectId, ids }) {
        const of = { projectId, ontologyId: ids['ontology']! };
        const added = await api.ontologies.addClass.mutate({ ...of, name: 'Person', uri: 'urn:x:person' });
        ids['class'] = added.id;
      },
    },
    {
      causes: ['ontology.classUpdated'],
      act: ({ api, projectId, ids }) =>
        api.ontologies.updateClass.mutate({ projectId, classId: ids['class']!, name: 'Human' }),
    },
    {
      causes: ['ontology.classRemoved'],
      act: ({ api, projectId, ids }) =>
        api.ontologies.removeClass.mutate({ projectId, classId: ids['class']! }),
    },
    ...changesOf('vocabulary', ({ vocabularies }) => vocabularies),
    {
      causes: ['vocabulary.termAdded'],
      async act({ api, projectId, ids }) {
        const of = { projectId, vocabularyId: ids['vocabulary']! };
        ids['wide'] = (await api.vocabularies.addTerm.mutate({ ...of, name: 'Romance' })).id;
        ids['term'] = (await api.vocabularies.addTerm.mutate({ ...of, name: 'French' })).id;
      },
    },
    {
      causes: ['vocabulary.termUpdated'],
      act: ({ api, projectId, ids }) =>
        api.vocabularies.updateTerm.mutate({ projectId, termId: ids['term']!, broaderId: ids['wide']! }),
    },
    {
      causes: ['vocabulary.termRemoved'],
      act: ({ api, projectId, ids }) =>
        api.vocabularies.removeTerm.mutate({ projectId, termId: ids['term']! }),
    },
  ],
};

/** A model of another project, with a collection and a field that means something. */
export const adoption: Area = {
  name: 'patterns adopted from another project',
  lists: ['ontologies', 'fields', 'models', 'collections'],
  async prepare({ api, ids }) {
    const { id: projectId } = await api.projects.create.mutate({ name: 'Originals' });
    const classId = await addWords(api, projectId);
    const { id: fieldId } = await api.fields.create.mutate({ projectId, name: 'Title' });
    const semantics = [{ classId, relation: 'property' as const }];
    await api.fields.setSemantics.mutate({ projectId, fieldId, semantics });
    const { id: collectionId } = await api.collections.create.mutate({ projectId, name: 'Names' });
    await api.collections.setFields.mutate({ projectId, collectionId, fields: [{ fieldId }] });
    const { id: modelId } = await api.models.create.mutate({ projectId, name: 'Book' });
    await api.models.setCollections.mutate({ projectId, modelId, collections: [{ collectionId }] });
    Object.assign(ids, { from: projectId, model: modelId });
  },
  steps: [
    {
      causes: ['ontology.adopted', 'field.adopted', 'collection.adopted', 'model.adopted'],
      act: ({ api, projectId, ids }) =>
        api.models.adopt.mutate({ projectId, fromProjectId: ids['from']!, modelId: ids['model']! }),
    },
  ],
};
