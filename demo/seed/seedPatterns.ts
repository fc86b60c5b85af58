/** Semantic patterns of a museum: vocabularies, an ontology, fields with their meaning, collections and models. */
import type { TesseraClient } from '../../client/src/index.ts';
import { type Choices, makeMany } from './choices.ts';

const allThings = [
  'object',
  'painting',
  'vessel',
  'print',
  'sculpture',
  'manuscript',
  'coin',
  'textile',
  'photograph',
  'instrument',
];
const aspects = [
  'title', 'inscription', 'material', 'technique', 'condition', 'dimension', 'weight', 'provenance', 'accession number', 'location',
  'maker', 'date of making', 'place of making', 'owner', 'exhibition', 'conservation', 'depiction', 'iconography', 'rights', 'image',
]; // prettier-ignore
const qualifiers = ['', 'former ', 'current ', 'assumed '];
const vocabularies: Record<string, readonly string[]> = {
  Materials: [
    'bronze',
    'marble',
    'oak',
    'linen',
    'gold',
    'silver',
    'ivory',
    'clay',
    'glass',
    'parchment',
    'paper',
    'wool',
  ],
  Techniques: [
    'casting',
    'carving',
    'weaving',
    'engraving',
    'glazing',
    'gilding',
    'etching',
    'embroidery',
    'lithography',
  ],
  Periods: [
    'Archaic',
    'Classical',
    'Hellenistic',
    'Roman',
    'Romanesque',
    'Gothic',
    'Renaissance',
    'Baroque',
    'Modern',
  ],
  Conditions: ['intact', 'worn', 'cracked', 'fragmentary', 'restored', 'lost'],
};
const classes = [
  'Human-Made Object',
  'Person',
  'Place',
  'Time-Span',
  'Production',
  'Acquisition',
  'Inscription',
  'Dimension',
  'Material',
  'Right',
];

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * @param share of the things that are described.
 * @returns how many rows it made.
 */
export async function seedPatterns(
  client: TesseraClient,
  projectId: string,
  choices: Choices,
  share: number,
): Promise<number> {
  const at = { projectId };
  const things = allThings.slice(0, Math.ceil(allThings.length * share));
  const categories = await makeMany(things.length, (n) =>
    client.categories.create.mutate({ ...at, name: `${capital(things[n] ?? '')}s` }),
  );
  const made = await Promise.all(
    Object.entries(vocabularies).map(async ([name, terms]) => {
      const { id: vocabularyId } = await client.vocabularies.create.mutate({ ...at, name });
      await makeMany(terms.length, (n) =>
        client.vocabularies.addTerm.mutate({ ...at, vocabularyId, name: capital(terms[n] ?? '') }),
      );
      return { id: vocabularyId, rows: 1 + terms.length };
    }),
  );
  const ontology = await client.ontologies.create.mutate({
    ...at, name: 'CIDOC CRM (part)', identifier: 'crm', uri: 'http://www.cidoc-crm.org/cidoc-crm/', prefix: 'crm',
  }); // prettier-ignore
  const meanings = await makeMany(
    classes.length,
    (n) =>
    client.ontologies.addClass.mutate({
      ...at, ontologyId: ontology.id, name: classes[n] ?? '',
      uri: `http://www.cidoc-crm.org/cidoc-crm/${(classes[n] ?? '').replaceAll(' ', '_')}`,
    }), // prettier-ignore
  );
  const names = things.flatMap((thing, place) =>
    aspects.flatMap((aspect) =>
      qualifiers.map((qualifier) => ({ place, name: capital(`${qualifier}${aspect} of the ${thing}`) })),
    ),
  );
  const drawn = names.map(({ name, place }) => ({
    name,
    place,
    vocabulary: choices.of([...made, undefined, undefined]),
    class: choices.of(meanings),
  }));
  const fields = await makeMany(drawn.length, async (n) => {
    const { name = '', place = 0, vocabulary, class: meaning } = drawn[n] ?? {};
    const { id } = await client.fields.create.mutate({
      ...at, name, description: `What is recorded as the ${name.toLowerCase()}, in the words of the source.`,
      categoryId: categories[place]?.id, vocabularyId: vocabulary?.id,
    }); // prettier-ignore
    if (n % 4 === 0 && meaning)
      await client.fields.setSemantics.mutate({
        ...at,
        fieldId: id,
        semantics: [{ classId: meaning.id, relation: 'domain' }],
      });
    return id;
  });
  const perThing = fields.length / things.length;
  await makeMany(things.length, async (n) => {
    const own = fields.slice(n * perThing, (n + 1) * perThing);
    const model = await client.models.create.mutate({
      ...at,
      name: capital(things[n] ?? ''),
      categoryId: categories[n]?.id,
    });
    await client.models.setFields.mutate({
      ...at, modelId: model.id,
      fields: own.slice(0, 40).map((fieldId, order) => ({ fieldId, cardinality: order === 0 ? '1' : '*' })),
    }); // prettier-ignore
    const collections = await makeMany(4, async (part) => {
      const { id } = await client.collections.create.mutate({
        ...at,
        name: `${capital(things[n] ?? '')}, part ${part + 1}`,
      });
      await client.collections.setFields.mutate({
        ...at, collectionId: id, fields: own.slice(part * 10, part * 10 + 10).map((fieldId) => ({ fieldId })),
      }); // prettier-ignore
      return id;
    });
    await client.models.setCollections.mutate({
      ...at, modelId: model.id, collections: collections.map((collectionId) => ({ collectionId })),
    }); // prettier-ignore
  });
  const terms = made.reduce((sum, { rows }) => sum + rows, 0);
  return categories.length + terms + 1 + meanings.length + fields.length + things.length * 5;
}
