import { Anchor, Code, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { trpc } from '../../api.ts';
import { Person } from '../../kit/Person.tsx';
import { Time } from '../../kit/Time.tsx';
import { type Noun, type Pattern, nounOf, pathOf } from './nouns.ts';
import { useCategories, useVocabularies } from './useTrees.ts';

function Author({ id }: { id: string }) {
  const { data } = useQuery(trpc.actors.named.queryOptions({ actorIds: [id] }));
  const actor = data?.items[0];
  return actor ? <Person actor={actor} /> : null;
}

const isWebAddress = (uri: string) => /^https?:/.test(uri);

function Uri({ uri }: { uri: string }) {
  return isWebAddress(uri) ? (
    <Anchor href={uri} target="_blank" rel="noopener noreferrer" style={{ overflowWrap: 'anywhere' }}>
      {uri}
    </Anchor>
  ) : (
    <Code>{uri}</Code>
  );
}

/** What a pattern says of itself. */
export function Facts({ noun, pattern }: { noun: Noun; pattern: Pattern }) {
  const { projectId, categoryId, parentId, vocabularyId } = pattern;
  const categories = useCategories(projectId).options;
  const vocabularies = useVocabularies(projectId);
  const above = categoryId ?? parentId;
  const nameIn = (of: readonly { value: string; label: string }[], id: string) =>
    of.find(({ value }) => value === id)?.label ?? '…';
  const rows: [string, ReactNode][] = [
    ['Identifier', <Code key="identifier">{pattern.identifier}</Code>],
    ...(pattern.uri ? [['URI', <Uri key="uri" uri={pattern.uri} />] as [string, ReactNode]] : []),
    ...(pattern.prefix
      ? [['Prefix', <Code key="prefix">{pattern.prefix}</Code>] as [string, ReactNode]]
      : []),
    ...(pattern.rdfType
      ? [['RDF type', <Code key="type">{pattern.rdfType}</Code>] as [string, ReactNode]]
      : []),
    ...(pattern.ontologyPath
      ? [['Ontology path', <Code key="path">{pattern.ontologyPath}</Code>] as [string, ReactNode]]
      : []),
  ];
  if (above)
    rows.push([
      noun.name === 'category' ? 'Stands below' : 'Category',
      <Anchor key="above" component={Link} to={pathOf(projectId, nounOf('category'), above)}>
        {nameIn(categories, above)}
      </Anchor>,
    ]);
  if (vocabularyId)
    rows.push([
      'Vocabulary',
      <Anchor key="values" component={Link} to={pathOf(projectId, nounOf('vocabulary'), vocabularyId)}>
        {nameIn(vocabularies, vocabularyId)}
      </Anchor>,
    ]);
  if (pattern.authorId) rows.push(['Made by', <Author key="author" id={pattern.authorId} />]);
  rows.push(['Made', <Time key="made" at={pattern.createdAt} as="moment" />]);
  rows.push([
    'Changed',
    <span key="changed">
      <Time at={pattern.updatedAt} />, version {pattern.version}
    </span>,
  ]);
  const further = Object.keys(pattern.metadata).length > 0;
  if (further)
    rows.push([
      'Further data',
      <Code key="data" block>
        {JSON.stringify(pattern.metadata, null, 2)}
      </Code>,
    ]);
  return (
    <>
      {pattern.description && <Text style={{ whiteSpace: 'pre-line' }}>{pattern.description}</Text>}
      <Table aria-label={`About ${pattern.name}`} layout="auto" maw={760}>
        <Table.Tbody>
          {rows.map(([label, value]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" w={150} style={{ verticalAlign: 'top' }}>
                {label}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
