import type { Area, Place, Step } from './place.ts';

type Noun = 'category' | 'field' | 'model' | 'collection' | 'ontology' | 'vocabulary';

/** The four changes that every noun of the patterns knows. */
function changesOf(
  noun: Noun,
  calls: (place: Place) => {
    create: () => Promise<{ id: string }>;
    rename: () => Promise<unknown>;
    remove: () => Promise<unknown>;
    restore: () => Promise<unknown>;
  },
): Step[] {
  return [
    {
      causes: [`${noun}.created`],
      async act(place) {
        place.ids[noun] = (await calls(place).create()).id;
      },
    },
    { causes: [`${noun}.updated`], act: (place) => calls(place).rename() },
    { causes: [`${noun}.deleted`], act: (place) => calls(place).remove() },
    { causes: [`${noun}.restored`], act: (place) => calls(place).restore() },
  ];
}
const renamed = { name: 'Another name' };

export const patterns: Area = {
  name: 'fields, models, collections and categories',
  lists: ['categories', 'fields', 'models', 'collections'],
  async prepare({ api, projectId, ids }) {
    const { id: ontologyId } = await api.ontologies.create.mutate({ projectId, name: 'Words' });
    const word = {
      projectId,
      ontologyId,
      name: 'Title',
      uri: 'http://example.org/title',
      kind: 'property' as const,
    };
    ids['class'] = (await api.ontologies.addClass.mutate(word)).id;
  },
  steps: [
    ...changesOf('category', ({ api, projectId, ids }) => {
      const of = { projectId, categoryId: ids['category']! };
      return {
        create: () => api.categories.create.mutate({ projectId, name: 'Books' }),
        rename: () => api.categories.update.mutate({ ...of, ...renamed }),
        remove: () => api.categories.delete.mutate(of),
        restore: () => api.categories.restore.mutate(of),
      };
    }),
    ...changesOf('field', ({ api, projectId, ids }) => {
      const of = { projectId, fieldId: ids['field']! };
      return {
        create: () => api.fields.create.mutate({ projectId, name: 'Title', categoryId: ids['category']! }),
        rename: () => api.fields.update.mutate({ ...of, ...renamed }),
        remove: () => api.fields.delete.mutate(of),
        restore: () => api.fields.restore.mutate(of),
      };
    }),
    {
      causes: ['field.semanticsSet'],
      act: ({ api, projectId, ids }) =>
        api.fields.setSemantics.mutate({
          projectId,
          fieldId: ids['field']!,
          semantics: [{ classId: ids['class']!, relation: 'property' }],
        }),
    },
    ...changesOf('collection', ({ api, projectId, ids }) => {
      const of = { projectId, collectionId: ids['collection']! };
      return {
        create: () => api.collections.create.mutate({ projectId, name: 'Names' }),
        rename: () => api.collections.update.mutate({ ...of, ...renamed }),
        remove: () => api.collections.delete.mutate(of),
        restore: () => api.collections.restore.mutate(of),
      };
    }),
    {
      causes: ['collection.fieldsSet'],
      act: ({ api, projectId, ids }) =>
        api.collections.setFields.mutate({
          projectId,
          collectionId: ids['collection']!,
          fields: [{ fieldId: ids['field']!, cardinality: '+' }],
        }),
    },
    ...changesOf('model', ({ api, projectId, ids }) => {
      const of = { projectId, modelId: ids['model']! };
      return {
        create: () => api.models.create.mutate({ projectId, name: 'Book' }),
        rename: () => api.models.update.mutate({ ...of, ...renamed }),
        remove: () => api.models.delete.mutate(of),
        restore: () => api.models.restore.mutate(of),
      };
    }),
    {
      causes: ['model.fieldsSet'],
      act: ({ api, projectId, ids }) =>
        api.models.setFields.mutate({
          projectId,
          modelId: ids['model']!,
          fields: [{ fieldId: ids['field']!, cardinality: '1' }],
        }),
    },
    {
      causes: ['model.collectionsSet'],
      act: ({ api, projectId, ids }) =>
        api.models.setCollections.mutate({
          projectId,
          modelId: ids['model']!,
          collections: [{ collectionId: ids['collection']! }],
        }),
    },
  ],
};

export const trees: Area = {
  name: 'ontologies and vocabularies',
  lists: ['ontologies', 'ontologyClasses', 'vocabularies', 'terms'],
  steps: [
    ...changesOf('ontology', ({ api, projectId, ids }) => {
      const of = { projectId, ontologyId: ids['ontology']! };
      return {
        create: () => api.ontologies.create.mutate({ projectId, name: 'Words' }),
        rename: () => api.ontologies.update.mutate({ ...of, ...renamed }),
        remove: () => api.ontologies.delete.mutate(of),
        restore: () => api.ontologies.restore.mutate(of),
      };
    }),
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
        api.ontologies.updateClass.mutate({ projectId, classId: ids['class']!, ...renamed }),
    },
    {
      causes: ['ontology.classRemoved'],
      act: ({ api, projectId, ids }) =>
        api.ontologies.removeClass.mutate({ projectId, classId: ids['class']! }),
    },
    ...changesOf('vocabulary', ({ api, projectId, ids }) => {
      const of = { projectId, vocabularyId: ids['vocabulary']! };
      return {
        create: () => api.vocabularies.create.mutate({ projectId, name: 'Languages' }),
        rename: () => api.vocabularies.update.mutate({ ...of, ...renamed }),
        remove: () => api.vocabularies.delete.mutate(of),
        restore: () => api.vocabularies.restore.mutate(of),
      };
    }),
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
    const { id: ontologyId } = await api.ontologies.create.mutate({ projectId, name: 'Words' });
    const word = {
      projectId,
      ontologyId,
      name: 'Title',
      uri: 'http://example.org/title',
      kind: 'property' as const,
    };
    const { id: classId } = await api.ontologies.addClass.mutate(word);
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
