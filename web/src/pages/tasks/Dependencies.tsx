import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Outputs, readFailure } from 'tessera-client';
import { client, noteFailure } from '../../api.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { toast } from '../../kit/toast.ts';
import { useRights } from '../../kit/useRight.ts';
import { SearchBox } from '../../search/SearchBox.tsx';
import { StatusBadge, taskPath } from './statuses.tsx';
import type { TaskRef } from './useWaits.ts';

type Details = Outputs['tasks']['get'];

function Refs({
  projectId,
  refs,
  label,
  onRemove,
}: {
  projectId: string;
  refs: readonly TaskRef[];
  label: string;
  onRemove?: ((ref: TaskRef) => Promise<unknown>) | undefined;
}) {
  return (
    <ul className="plain-list" aria-label={label}>
      {refs.map((ref) => (
        <li key={ref.id}>
          <Group gap="xs">
            <StatusBadge status={ref.status} />
            <Link to={taskPath(projectId, ref.id)} className="text-link">
              {ref.title}
            </Link>
            {onRemove && (
              <ActionButton
                size="compact-xs"
                label={`Remove “${ref.title}” from what it waits for`}
                onAct={() => onRemove(ref)}
              >
                Remove
              </ActionButton>
            )}
          </Group>
        </li>
      ))}
    </ul>
  );
}

/** Why a dependency was refused: a circle is told by its tasks. */
function Refusal({ projectId, error }: { projectId: string; error: unknown }) {
  const failure = readFailure(error);
  if (failure?.code !== 'DEPENDENCY_CYCLE') return <FailureNotice error={error} />;
  const [, first, ...others] = (failure.details['taskIds'] as string[] | undefined) ?? [];
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      title={failure.message}
      icon={<IconAlertTriangle aria-hidden />}
    >
      <Text size="sm">
        Remove one of these dependencies first.
        {first !== undefined && others.length > 0 && (
          <>
            {' '}
            <Link to={taskPath(projectId, first)} className="text-link">
              Begin with the one that is to be done first
            </Link>
            .
          </>
        )}
      </Text>
    </Alert>
  );
}

/** What a task waits for, and what waits for it. */
export function Dependencies({ task }: { task: Details }) {
  const { projectId, id: taskId, dependsOn, dependents } = task;
  const { may } = useRights(projectId);
  const [error, setError] = useState<unknown>();
  const [isAdding, setAdding] = useState(false);
  const add = (id: string, title: string) => {
    setError(undefined);
    client.tasks.addDependency.mutate({ projectId, taskId, dependsOn: id }).then(
      () => {
        setAdding(false);
        toast(`It waits for “${title}” now.`);
      },
      (caught: unknown) => {
        setError(caught);
        noteFailure(caught);
      },
    );
  };
  const refuse = ({ id }: { id: string }) => {
    if (id === taskId) return 'is this task';
    return dependsOn.some((ref) => ref.id === id) ? 'is waited for already' : undefined;
  };
  return (
    <section aria-labelledby="dependencies">
      <Title order={2} size="h4" id="dependencies" mb="xs">
        Dependencies
      </Title>
      <Stack gap="xs">
        {dependsOn.length > 0 && (
          <>
            <Text size="sm" fw={600}>
              It waits for
            </Text>
            <Refs
              projectId={projectId}
              refs={dependsOn}
              label="It waits for"
              onRemove={
                may('tasks.removeDependency')
                  ? (ref) => client.tasks.removeDependency.mutate({ projectId, taskId, dependsOn: ref.id })
                  : undefined
              }
            />
          </>
        )}
        {dependents.length > 0 && (
          <>
            <Text size="sm" fw={600}>
              These wait for it
            </Text>
            <Refs projectId={projectId} refs={dependents} label="These wait for it" />
          </>
        )}
        {dependsOn.length + dependents.length === 0 && (
          <Text size="sm" c="dimmed">
            It waits for nothing, and nothing waits for it.
          </Text>
        )}
        {error !== undefined && <Refusal projectId={projectId} error={error} />}
        {may('tasks.addDependency') &&
          (isAdding ? (
            <>
              <SearchBox
                label="A task that has to be done first"
                projectId={projectId}
                kinds={['task']}
                refuse={refuse}
                onPick={({ id, name }) => add(id, name)}
                autoFocus
                floats
              />
              <div>
                <Button size="xs" variant="default" onClick={() => setAdding(false)}>
                  Cancel
                </Button>
              </div>
            </>
          ) : (
            <div>
              <Button size="xs" variant="default" onClick={() => setAdding(true)}>
                Add a dependency
              </Button>
            </div>
          ))}
      </Stack>
    </section>
  );
}
