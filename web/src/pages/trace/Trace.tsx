import { Button, Group, NumberInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { trpc } from '../../api.ts';
import { failureOf } from '../../kit/failureOf.ts';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { renewSoon } from '../../kit/renewSoon.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useSearchState } from '../../kit/useSearchState.ts';
import { EventFacts } from './EventFacts.tsx';
import { NodesTable } from './NodesTable.tsx';

/** What became of one event of the project: when each node had it, and how long it took to those who watch. */
export default function Trace() {
  const projectId = useProjectId();
  const [search, change] = useSearchState();
  const asked = Number(search['seq']);
  const seq = Number.isSafeInteger(asked) && asked > 0 ? asked : undefined;
  const {
    data,
    error: latest,
    refetch,
  } = useQuery({
    ...trpc.realtime.trace.queryOptions({ projectId, seq }),
    placeholderData: keepPreviousData,
  });
  const error = failureOf({ data, error: latest });
  useProjectEvents(projectId, ({ type }) => {
    if (seq === undefined && type !== 'checkpoint') renewSoon(trpc.realtime.trace.pathKey());
  });
  const shown = data?.event.seq;
  const goTo = (next: number | undefined) => change({ seq: next?.toString() });
  return (
    <ProjectPage
      title="Delivery"
      lead="The way of an event from its commit to everybody who watches the project."
    >
      {() => (
        <>
          <Group align="end" gap="sm">
            <NumberInput
              label="Event"
              description={
                seq === undefined ? 'The newest, as they come.' : 'Its number in the project’s log.'
              }
              min={1}
              max={data?.head}
              allowDecimal={false}
              value={shown ?? ''}
              onChange={(value) => {
                if (typeof value === 'number' && value !== shown) goTo(value);
              }}
            />
            <Button
              variant="default"
              disabled={shown === undefined || shown <= 1}
              onClick={() => goTo((shown ?? 2) - 1)}
            >
              The one before
            </Button>
            <Button variant="default" disabled={seq === undefined} onClick={() => goTo(undefined)}>
              Follow the newest
            </Button>
          </Group>
          {error && <FailureNotice error={error} onRetry={() => refetch()} />}
          {!data && !error && <Loading what="what became of the event" />}
          {data && !error && (
            <>
              <EventFacts event={data.event} />
              <NodesTable committedAt={data.event.createdAt} nodes={data.nodes} />
            </>
          )}
        </>
      )}
    </ProjectPage>
  );
}
