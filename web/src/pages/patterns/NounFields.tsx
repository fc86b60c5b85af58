import { Select, TextInput, Textarea } from '@mantine/core';
import type { Form } from '../../kit/useForm.ts';
import type { Noun, Pattern } from './nouns.ts';
import { useCategories, useVocabularies } from './useTrees.ts';

/** What is written in the form of any kind; empty: nothing. */
export type NounValues = {
  name: string;
  identifier: string;
  description: string;
  uri: string;
  rdfType: string;
  ontologyPath: string;
  prefix: string;
  categoryId: string | null;
  parentId: string | null;
  vocabularyId: string | null;
};

export const valuesOf = (pattern: Partial<Pattern>): NounValues => ({
  name: pattern.name ?? '',
  identifier: pattern.identifier ?? '',
  description: pattern.description ?? '',
  uri: pattern.uri ?? '',
  rdfType: pattern.rdfType ?? '',
  ontologyPath: pattern.ontologyPath ?? '',
  prefix: pattern.prefix ?? '',
  categoryId: pattern.categoryId ?? null,
  parentId: pattern.parentId ?? null,
  vocabularyId: pattern.vocabularyId ?? null,
});

/** Names of the values that a kind has, in the order of the form. */
export const keysOf = ({ name, isPattern }: Noun): (keyof NounValues)[] => [
  'name',
  'identifier',
  'description',
  ...(name === 'category' ? (['parentId'] as const) : (['uri'] as const)),
  ...(isPattern ? (['rdfType', 'ontologyPath', 'categoryId'] as const) : []),
  ...(name === 'field' ? (['vocabularyId'] as const) : []),
  ...(name === 'ontology' ? (['prefix'] as const) : []),
];

/** What of the values is sent: what the kind has, and nothing where nothing was written. */
export function changesOf(noun: Noun, values: NounValues): { name: string } & Record<string, string | null> {
  const always = new Set(['name', 'description']);
  const given = keysOf(noun)
    // Without an identifier the server makes one from the name.
    .filter((key) => key !== 'identifier' || values.identifier !== '')
    .map((key) => [key, always.has(key) ? values[key] : values[key] || null]);
  return Object.fromEntries(given);
}

export interface NounFieldsProps {
  noun: Noun;
  projectId: string;
  form: Form<NounValues>;
  /** The one that is edited: a category does not stand below itself. */
  own?: string;
}

/** The inputs of a kind's form. */
export function NounFields({ noun, projectId, form, own }: NounFieldsProps) {
  const keys = new Set(keysOf(noun));
  const categories = useCategories(projectId).options;
  const vocabularies = useVocabularies(projectId);
  const tree = { searchable: true, clearable: true, clearButtonProps: { 'aria-label': 'Clear' } } as const;
  return (
    <>
      <TextInput label="Name" required {...form.field('name')} />
      <TextInput
        label="Identifier"
        description="Unique in the project; left empty, it is made from the name"
        {...form.field('identifier')}
      />
      <Textarea label="Description" autosize minRows={2} {...form.field('description')} />
      {keys.has('parentId') && (
        <Select
          label="Stands below"
          placeholder="Nothing: at the root"
          data={categories.filter(({ value }) => value !== own)}
          {...tree}
          {...form.field('parentId')}
        />
      )}
      {keys.has('categoryId') && (
        <Select
          label="Category"
          data={categories}
          placeholder="None"
          {...tree}
          {...form.field('categoryId')}
        />
      )}
      {keys.has('vocabularyId') && (
        <Select
          label="Vocabulary"
          description="Where its values are taken from"
          placeholder="None"
          data={vocabularies}
          {...tree}
          {...form.field('vocabularyId')}
        />
      )}
      {keys.has('uri') && (
        <TextInput label="URI" description="In full, as http://example.org/title" {...form.field('uri')} />
      )}
      {keys.has('prefix') && (
        <TextInput
          label="Prefix"
          description="How its namespace is abbreviated, as crm"
          {...form.field('prefix')}
        />
      )}
      {keys.has('rdfType') && (
        <TextInput label="RDF type" description="As crm:E35_Title" {...form.field('rdfType')} />
      )}
      {keys.has('ontologyPath') && (
        <TextInput
          label="Ontology path"
          description="As crm:E22 → crm:P102 → crm:E35"
          {...form.field('ontologyPath')}
        />
      )}
    </>
  );
}
