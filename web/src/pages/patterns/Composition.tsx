import { Anchor, Badge, Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { readFailure } from 'tessera-client';
import { client, noteFailure } from '../../api.ts';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { later } from '../../kit/later.ts';
import { toast } from '../../kit/toast.ts';
import { useRight } from '../../kit/useRight.ts';
import { cardinalityWords, compareLists } from './describeChange.ts';
import { Overtaken } from './Overtaken.tsx';
import type { PartsEditorProps } from './PartsEditor.tsx';
import { type Noun, type Pattern, nounOf, pathOf } from './nouns.ts';
import { type Part, type PartsOf, isSame, partsOf, toEntries } from './parts.ts';
import { renewPatterns } from './usePatternNews.ts';

/** What is dragged and searched in it is large. */
const PartsEditor = later(() => import('./PartsEditor.tsx'), 'PartsEditor');

type Cardinality = '1' | '?' | '+' | '*';
type Relation = 'domain' | 'property' | 'range';

interface Way {
  heading: string;
  permission: (noun: Noun) => string;
  empty: string;
  editor: Pick<PartsEditorProps, 'choice' | 'kind' | 'addLabel' | 'isRepeatable'>;
  save: (
    noun: Noun,
    of: { projectId: string; id: string; version: number },
    parts: readonly Part[],
  ) => Promise<unknown>;
}

const ways: Record<PartsOf, Way> = {
  fields: {
    heading: 'Fields',
    permission: ({ list }) => `${list}.setFields`,
    empty: 'It has no fields yet.',
    editor: {
      kind: 'field',
      addLabel: 'Add a field',
      choice: {
        label: 'Cardinality',
        initial: '*',
        options: ['1', '?', '+', '*'].map((value) => ({
          value,
          label: `${value}  ${cardinalityWords[value]}`,
        })),
      },
    },
    save: ({ name }, { id, ...of }, parts) => {
      const fields = parts.map((part) => ({ fieldId: part.id, cardinality: part.choice as Cardinality }));
      return name === 'model'
        ? client.models.setFields.mutate({ ...of, modelId: id, fields })
        : client.collections.setFields.mutate({ ...of, collectionId: id, fields });
    },
  },
  collections: {
    heading: 'Collections',
    permission: () => 'models.setCollections',
    empty: 'It has no collections.',
    editor: { kind: 'collection', addLabel: 'Add a collection' },
    save: (_, { id, ...of }, parts) =>
      client.models.setCollections.mutate({
        ...of,
        modelId: id,
        collections: parts.map((part) => ({ collectionId: part.id })),
      }),
  },
  semantics: {
    heading: 'Meaning',
    permission: () => 'fields.setSemantics',
    empty: 'Nobody has said yet what it means.',
    editor: {
      kind: 'ontologyClass',
      addLabel: 'Add a class or property',
      isRepeatable: true,
      choice: {
        label: 'Relation',
        initial: 'property',
        options: [
          { value: 'domain', label: 'domain: what it is said of' },
          { value: 'property', label: 'property: what is said' },
          { value: 'range', label: 'range: what its values are' },
        ],
      },
    },
    save: (_, { id, ...of }, parts) =>
      client.fields.setSemantics.mutate({
        ...of,
        fieldId: id,
        semantics: parts.map((part) => ({ classId: part.id, relation: part.choice as Relation })),
      }),
  },
};

interface Draft {
  /** What it was made from. */
  base: readonly Part[];
  parts: readonly Part[];
}

const Shown = ({
  parts,
  of,
  projectId,
  label,
}: {
  parts: readonly Part[];
  of: PartsOf;
  projectId: string;
  label: string;
}) => (
  <ol className="parts" aria-label={label}>
    {parts.map(({ key, id, name, identifier, choice }, index) => (
      <li key={key} className="part">
        <Text span c="dimmed" miw={20} ta="right">
          {index + 1}
        </Text>
        <span className="part-name">
          {of === 'semantics' ? (
            <Text span fw={600}>
              {name}
            </Text>
          ) : (
            <Anchor
              component={Link}
              to={pathOf(projectId, nounOf(of === 'fields' ? 'field' : 'collection'), id)}
              fw={600}
            >
              {name}
            </Anchor>
          )}{' '}
          <Code>{identifier}</Code>
        </span>
        {choice !== '' && (
          <Badge variant="default" tt="none" miw="max-content">
            {of === 'fields' ? `${choice} ${cardinalityWords[choice]}` : choice}
          </Badge>
        )}
      </li>
    ))}
  </ol>
);

export interface CompositionProps {
  noun: Noun;
  pattern: Pattern;
  of: PartsOf;
}

/** What a pattern is made of, and its editor; what others change meanwhile is shown, and nothing is lost. */
export function Composition({ noun, pattern, of }: CompositionProps) {
  const { projectId } = pattern;
  const way = ways[of];
  const may = useRight(way.permission(noun), projectId);
  const [draft, setDraft] = useState<Draft>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const theirs = partsOf(pattern, of);
  const label = `${way.heading} of ${pattern.name}`;
  const isMoved = draft !== undefined && !isSame(theirs, draft.base);
  const begin = () => {
    setError(undefined);
    setDraft({ base: theirs, parts: theirs });
  };
  const save = () => {
    if (!draft) return;
    setBusy(true);
    setError(undefined);
    // What else was changed of it does not matter here: its parts are those that the draft was made from.
    way
      .save(noun, { projectId, id: pattern.id, version: pattern.version }, draft.parts)
      .then(
        () => {
          setDraft(undefined);
          renewPatterns();
          toast(`${label} are saved.`);
        },
        (caught: unknown) => {
          noteFailure(caught);
          // Who was faster is shown as soon as their change has come.
          if (readFailure(caught)?.code === 'VERSION_CLASH') renewPatterns();
          setError(caught);
        },
      )
      .finally(() => setBusy(false));
  };
  return (
    <Stack gap="sm" component="section" aria-label={label}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {way.heading}
        </Title>
        {may && !draft && (
          <Button
            size="xs"
            variant="default"
            aria-label={`Change the ${way.heading.toLowerCase()}`}
            onClick={begin}
          >
            Change
          </Button>
        )}
      </Group>
      {!draft && theirs.length === 0 && <Text c="dimmed">{way.empty}</Text>}
      {!draft && theirs.length > 0 && <Shown parts={theirs} of={of} projectId={projectId} label={label} />}
      {draft && (
        <>
          <Suspense fallback={<Loading what="the editor" />}>
            <PartsEditor
              {...way.editor}
              projectId={projectId}
              label={label}
              parts={draft.parts}
              onChange={(parts) => setDraft({ ...draft, parts })}
            />
          </Suspense>
          {isMoved && (
            <Overtaken
              what="These were changed while you were at it."
              sentences={compareLists(toEntries(draft.base), toEntries(theirs))}
              onTake={begin}
              onKeep={() => {
                setError(undefined);
                setDraft({ ...draft, base: theirs });
              }}
            />
          )}
          {error !== undefined && !isMoved && <FailureNotice error={error} />}
          <Group>
            <Button onClick={save} loading={isBusy} disabled={isMoved || isSame(draft.parts, draft.base)}>
              Save the {way.heading.toLowerCase()}
            </Button>
            <Button variant="default" onClick={() => setDraft(undefined)}>
              Cancel
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}
