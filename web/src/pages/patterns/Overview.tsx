import { Anchor, Paper, SimpleGrid, Text, TextInput, Title } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { formatCount } from '../../kit/numbers.tsx';
import { useProjectId } from '../../kit/useProjectId.ts';
import { type FoundKind, headingOf, isGuess, useFound } from '../../search/found.ts';
import { FoundItems } from './FoundItems.tsx';
import { KindFilter } from './KindFilter.tsx';
import { PatternPage } from './PatternPage.tsx';
import { nouns, pathOf } from './nouns.ts';

const kinds: FoundKind[] = [
  'field',
  'model',
  'collection',
  'category',
  'vocabulary',
  'vocabularyTerm',
  'ontology',
  'ontologyClass',
];

const Kinds = ({ projectId }: { projectId: string }) => (
  <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
    {nouns.map((noun) => (
      <Paper key={noun.name} withBorder p="md">
        <Title order={2} size="h4">
          <Anchor component={Link} to={pathOf(projectId, noun)} inherit>
            {noun.label}
          </Anchor>
        </Title>
        <Text>{noun.meaning}</Text>
      </Paper>
    ))}
  </SimpleGrid>
);

function Results({ projectId, typed }: { projectId: string; typed: string }) {
  const [kind, setKind] = useState<FoundKind | null>(null);
  const all = useFound(typed, { projectId, kinds, limit: 50 });
  const one = useFound(kind ? typed : '', { projectId, kinds: kind ? [kind] : kinds, limit: 50 });
  const chosen = kind !== null && all.found[kind] !== undefined ? kind : null;
  const { items, text, error, isSettled } = chosen ? one : all;
  if (error) return <FailureNotice error={error} />;
  return (
    <>
      <KindFilter kinds={kinds} found={all.found} chosen={chosen} onChoose={setKind} />
      <Text role="status">
        {isSettled && items.length === 0 && `Nothing is found for “${text}”.`}
        {isSettled && isGuess(items) && `Nothing is called “${text}”. Did you mean one of these?`}
        {isSettled &&
          items.length > 0 &&
          !isGuess(items) &&
          `${formatCount(items.length)} shown${chosen ? ` of ${headingOf(chosen).toLowerCase()}` : ''}, the best first.`}
      </Text>
      <FoundItems items={items} />
    </>
  );
}

/** Finds a pattern by what one remembers of it, and says what kinds there are. */
export default function Overview() {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const { q }: { q?: unknown } = useSearch({ strict: false });
  const [typed, setTyped] = useState(typeof q === 'string' || typeof q === 'number' ? String(q) : '');
  const type = (text: string) => {
    setTyped(text);
    // The address keeps it, for a link and for the way back.
    void navigate({
      to: '.',
      search: text === '' ? {} : { q: text },
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <PatternPage title="Patterns" lead="What records are made of, what it means, and where values come from.">
      {() => (
        <>
          <TextInput
            label="Search the patterns of this project"
            description="By name, identifier or text; a slip of the pen does not matter"
            type="search"
            maw={560}
            value={typed}
            onChange={(event) => type(event.currentTarget.value)}
          />
          {typed.trim() === '' ? (
            <Kinds projectId={projectId} />
          ) : (
            <Results projectId={projectId} typed={typed} />
          )}
        </>
      )}
    </PatternPage>
  );
}
