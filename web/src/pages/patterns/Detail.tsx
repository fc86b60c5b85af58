import { Alert, Anchor, Button, Code, Stack, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { NotFound } from '../../frame/NotFound.tsx';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { toast } from '../../kit/toast.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { Classes } from './Classes.tsx';
import { Composition } from './Composition.tsx';
import { Facts } from './Facts.tsx';
import { PatternPage } from './PatternPage.tsx';
import { Terms } from './Terms.tsx';
import { Uses } from './Uses.tsx';
import { type Noun, type Pattern, clientOf, idOf, pathOf, useNounPlace } from './nouns.ts';
import { usePattern } from './usePattern.ts';

function Origin({ noun, origin }: { noun: Noun; origin: NonNullable<Pattern['origin']> }) {
  const isChanged = origin.version > origin.adoptedVersion;
  return (
    <Alert color="blue" variant="light" title={`Adopted from ${origin.projectName}`}>
      <Text size="sm">
        It is a copy of{' '}
        <Anchor component={Link} to={pathOf(origin.projectId, noun, origin.id)}>
          {origin.name}
        </Anchor>{' '}
        at its version {origin.adoptedVersion}.{' '}
        {isChanged
          ? `There it has changed since: it is at version ${origin.version} now.`
          : 'There it is still the same.'}
      </Text>
    </Alert>
  );
}

function Imported({ data }: { data: NonNullable<Pattern['originalData']> }) {
  return (
    <details>
      <summary>
        Imported from {data.rows.length} {data.rows.length === 1 ? 'row' : 'rows'}
      </summary>
      <Code block mah={320} style={{ overflow: 'auto' }} tabIndex={0}>
        {JSON.stringify(data.rows, null, 2)}
      </Code>
    </details>
  );
}

function Whole({ noun, pattern }: { noun: Noun; pattern: Pattern }) {
  return (
    <Stack gap="lg">
      {pattern.origin && <Origin noun={noun} origin={pattern.origin} />}
      <Facts noun={noun} pattern={pattern} />
      {pattern.fields && <Composition noun={noun} pattern={pattern} of="fields" />}
      {pattern.collections && <Composition noun={noun} pattern={pattern} of="collections" />}
      {pattern.semantics && <Composition noun={noun} pattern={pattern} of="semantics" />}
      {noun.name === 'vocabulary' && <Terms projectId={pattern.projectId} vocabulary={pattern} />}
      {noun.name === 'ontology' && <Classes projectId={pattern.projectId} ontology={pattern} />}
      <Uses noun={noun} pattern={pattern} />
      {pattern.originalData && <Imported data={pattern.originalData} />}
    </Stack>
  );
}

function One({ noun, id }: { noun: Noun; id: string }) {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const navigate = useNavigate();
  const { pattern, error, refetch } = usePattern(noun, projectId, id);
  const path = pathOf(projectId, noun, id);
  const remove = async () => {
    await clientOf(noun).delete.mutate({ projectId, ...idOf(noun, id) });
    toast(`${pattern?.name} is deleted.`);
    await navigate({ to: pathOf(projectId, noun) });
  };
  return (
    <PatternPage
      title={pattern?.name ?? noun.label}
      breadcrumbs={[
        { label: noun.label, to: pathOf(projectId, noun) },
        ...(pattern?.path ?? []).map((step) => ({ label: step.name, to: pathOf(projectId, noun, step.id) })),
      ]}
      actions={
        <>
          <Button component={Link} to={`${path}/history`} variant="default">
            History
          </Button>
          {pattern && may(`${noun.list}.update`) && (
            <Button component={Link} to={`${path}/edit`} variant="default">
              Edit
            </Button>
          )}
          {pattern && may(`${noun.list}.delete`) && (
            <ConfirmButton
              label={`Delete ${pattern.name}`}
              consequence={`It stands among the deleted ${noun.label.toLowerCase()}, and can be restored there.`}
              onConfirm={remove}
            >
              Delete
            </ConfirmButton>
          )}
        </>
      }
    >
      {() => {
        if (pattern && !error) return <Whole noun={noun} pattern={pattern} />;
        return error ? (
          <FailureNotice error={error} onRetry={refetch} />
        ) : (
          <Loading what={`the ${noun.one}`} />
        );
      }}
    </PatternPage>
  );
}

/** A pattern: what it says of itself, what it is made of, and where it is used; live. */
export default function Detail() {
  const { noun, patternId } = useNounPlace();
  return noun ? <One key={patternId} noun={noun} id={patternId} /> : <NotFound />;
}
