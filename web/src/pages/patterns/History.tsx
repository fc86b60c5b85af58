import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { NotFound } from '../../frame/NotFound.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Person } from '../../kit/Person.tsx';
import { Time } from '../../kit/Time.tsx';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { PatternPage } from './PatternPage.tsx';
import { Sentences } from './Sentences.tsx';
import { StateThen } from './StateThen.tsx';
import { type Change, type Version, describeChanges } from './describeChange.ts';
import { type Noun, idOf, pathOf, trpcOf, useNounPlace } from './nouns.ts';
import { usePattern } from './usePattern.ts';

const did = { create: 'made it', update: 'changed it', delete: 'deleted it', restore: 'restored it' };

function ChangeLine({ change: { label, old, now, sentences } }: { change: Change }) {
  return (
    <div>
      <Text fw={600} size="sm">
        {label}
      </Text>
      {sentences ? (
        <Sentences sentences={sentences} label={`${label}: what changed`} />
      ) : (
        <Text size="sm">
          <del className="change-old">{old}</del> <span aria-hidden>→</span>{' '}
          <ins className="change-new">{now}</ins>
        </Text>
      )}
    </div>
  );
}

function VersionItem({
  noun,
  projectId,
  id,
  version,
}: {
  noun: Noun;
  projectId: string;
  id: string;
  version: Version;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Paper component="li" withBorder p="md" aria-label={`Version ${version.version}`}>
      <Stack gap="sm">
        <Group justify="space-between" align="start">
          <Group gap="xs">
            <Text fw={700}>Version {version.version}</Text>
            <Person actor={version.actor} />
            <Text span>{did[version.action]}</Text>
            <Text span c="dimmed">
              <Time at={version.createdAt} />
            </Text>
          </Group>
          {version.action !== 'delete' && (
            <Button
              size="xs"
              variant="default"
              aria-expanded={isOpen}
              aria-label={`${isOpen ? 'Hide' : 'Show'} the whole of version ${version.version}`}
              onClick={() => setOpen(!isOpen)}
            >
              {isOpen ? 'Hide the whole' : 'Show the whole'}
            </Button>
          )}
        </Group>
        {describeChanges(version).map((change) => (
          <ChangeLine key={change.label} change={change} />
        ))}
        {isOpen && <StateThen noun={noun} projectId={projectId} id={id} version={version} />}
      </Stack>
    </Paper>
  );
}

function Versions({ noun, id }: { noun: Noun; id: string }) {
  const projectId = useProjectId();
  const { pattern, isFetching } = usePattern(noun, projectId, id);
  const pages = usePages(
    trpcOf(noun).history.infiniteQueryOptions({ projectId, ...idOf(noun, id), limit: 30 }, byCursor),
  );
  // What was deleted has a history, and a name there.
  const last = pages.items?.[0]?.state['name'];
  const name = pattern?.name ?? (typeof last === 'string' ? last : `the ${noun.one}`);
  const above = [
    { label: noun.label, to: pathOf(projectId, noun) },
    ...(pattern ? [{ label: name, to: pathOf(projectId, noun, id) }] : []),
  ];
  return (
    <PatternPage title={`History of ${name}`} breadcrumbs={above}>
      {() => {
        if (pages.error) return <FailureNotice error={pages.error} onRetry={pages.retry} />;
        if (!pattern && isFetching) return <Loading what="the history" />;
        return (
          <PagedList pages={pages} what="the history" empty="It has no history.">
            {(versions) => (
              <Stack component="ol" className="parts" gap="sm" aria-label="Versions, newest first">
                {versions.map((version) => (
                  <VersionItem key={version.id} noun={noun} projectId={projectId} id={id} version={version} />
                ))}
              </Stack>
            )}
          </PagedList>
        );
      }}
    </PatternPage>
  );
}

/** Every version of a pattern, newest first: who changed what, in words, and how it was then. */
export default function History() {
  const { noun, patternId } = useNounPlace();
  return noun ? <Versions key={patternId} noun={noun} id={patternId} /> : <NotFound />;
}
