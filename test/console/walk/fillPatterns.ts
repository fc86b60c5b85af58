import { waitFor } from '../../support/waitFor.ts';
import type { Place } from './Place.ts';
import type { Ids } from './world.ts';

const crm = 'http://www.cidoc-crm.org/cidoc-crm/';

/** Categories, a vocabulary, an ontology, and fields with what they mean. */
async function describe({ people: { ada }, projectId }: Place) {
  const { client } = ada;
  const at = { projectId };
  const things = await client.categories.create.mutate({ ...at, name: 'Works of art' });
  const pictures = await client.categories.create.mutate({ ...at, name: 'Pictures', parentId: things.id });
  const { id: vocabularyId } = await client.vocabularies.create.mutate({ ...at, name: 'Materials' });
  const addTerm = async (name: string, broaderId?: string) =>
    (await client.vocabularies.addTerm.mutate({ ...at, vocabularyId, name, broaderId })).id;
  const metal = await addTerm('Metal');
  await addTerm('Bronze', metal);
  await addTerm('Gold', metal);
  await addTerm('Oak', await addTerm('Wood'));
  const { id: ontologyId } = await client.ontologies.create.mutate({
    ...at,
    name: 'CIDOC CRM',
    prefix: 'crm',
    uri: crm,
  });
  const title = await client.ontologies.addClass.mutate({
    ...at,
    ontologyId,
    kind: 'property',
    name: 'has title',
    uri: `${crm}P102_has_title`,
  });
  await client.ontologies.addClass.mutate({ ...at, ontologyId, name: 'Person', uri: `${crm}E21_Person` });
  const field = async (name: string, description: string, more: object = {}) =>
    (await client.fields.create.mutate({ ...at, name, description, categoryId: pictures.id, ...more })).id;
  const fields = {
    title: await field('Title', 'What it is called on its label'),
    maker: await field('Maker', 'Who made it'),
    material: await field('Material', 'What it is made of', { vocabularyId }),
    birth: await field('Birth date', 'When the person was born'),
  };
  await client.fields.setSemantics.mutate({
    ...at,
    fieldId: fields.title,
    semantics: [{ classId: title.id, relation: 'property' }],
  });
  return { fields, pictures: pictures.id, vocabularyId, ontologyId };
}

/** CSV files that are tried and then imported, all but a row or two. */
async function importFiles({ people: { ada }, projectId }: Place): Promise<string> {
  const { client } = ada;
  const { id: importId } = await client.patternImports.create.mutate({ projectId });
  const append = (kind: 'field' | 'model', content: string) =>
    client.patternImports.append.mutate({ projectId, importId, kind, index: 0, content });
  await append('field', 'Name,Description\nWidth,How wide\n,nameless\nDepth,How deep\n');
  await append('model', 'Name,Fields\nStatue,"Width, Depth"\nBox,Nowhere\n');
  for (const dryRun of [true, false]) {
    const { id } = await client.patternImports.run.mutate({ projectId, importId, dryRun });
    await waitFor(async () => {
      const { status } = await client.jobs.get.query({ projectId, jobId: id });
      if (status !== 'completed') throw new Error(`The import is ${status}.`);
    });
  }
  return importId;
}

/** A model in three versions, of which two people made one each, and what it is made of. */
export async function fillPatterns(place: Place): Promise<Ids> {
  const { people, projectId } = place;
  const { client } = people.ada;
  const at = { projectId };
  const { fields, pictures, vocabularyId, ontologyId } = await describe(place);
  const { id: modelId } = await client.models.create.mutate({
    ...at,
    name: 'Portrait',
    description: 'A picture of a person',
    categoryId: pictures,
  });
  const setFields = (by: typeof client, parts: { fieldId: string; cardinality: '1' | '?' | '+' | '*' }[]) =>
    by.models.setFields.mutate({ ...at, modelId, fields: parts });
  await setFields(client, [
    { fieldId: fields.birth, cardinality: '*' },
    { fieldId: fields.maker, cardinality: '*' },
    { fieldId: fields.title, cardinality: '1' },
  ]);
  await setFields(people.bob.client, [
    { fieldId: fields.title, cardinality: '+' },
    { fieldId: fields.maker, cardinality: '?' },
    { fieldId: fields.material, cardinality: '*' },
  ]);
  const { id: collectionId } = await client.collections.create.mutate({ ...at, name: 'Making' });
  await client.collections.setFields.mutate({
    ...at,
    collectionId,
    fields: [{ fieldId: fields.maker }, { fieldId: fields.material }],
  });
  await client.models.setCollections.mutate({ ...at, modelId, collections: [{ collectionId }] });
  return {
    kind: 'models',
    patternId: modelId,
    fieldId: fields.title,
    collectionId,
    vocabularyId,
    ontologyId,
    importId: await importFiles(place),
  };
}
