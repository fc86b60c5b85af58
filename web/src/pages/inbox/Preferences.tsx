import { Fieldset, Stack, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Inputs } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { failureOf } from '../../kit/failureOf.ts';
import { tellFailure } from '../../kit/ActionButton.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Page } from '../../kit/Page.tsx';
import { Digest } from './Digest.tsx';

type Type = Inputs['notifications']['setPreference']['type'];

/** What each type tells of, by what it is about. */
const groups: { legend: string; types: Partial<Record<Type, string>> }[] = [
  {
    legend: 'Discussions',
    types: {
      mention: 'Somebody mentions you',
      comment: 'A comment on a thread that you follow',
      'thread.created': 'A new thread in a project that you watch',
      'thread.resolved': 'A thread that you follow is resolved',
    },
  },
  {
    legend: 'Issues and tasks',
    types: {
      'issue.created': 'A new issue in a project that you watch',
      'issue.assigned': 'An issue is assigned to you',
      'issue.closed': 'An issue of yours is closed',
      'task.assigned': 'A task is assigned to you',
      'task.unblocked': 'Nothing that your task waited for is left',
      'task.due': 'A task of yours is due',
    },
  },
  {
    legend: 'Projects and jobs',
    types: {
      'member.added': 'You are added to a project',
      'transfer.offered': 'A project is offered to you',
      'transfer.answered': 'Your offer of a project is answered',
      'project.inherited': 'A project is yours because its owner is gone',
      'job.completed': 'A job of yours is done',
      'job.failed': 'A job of yours has failed',
      'webhook.disabled': 'A webhook of yours is switched off because it fails',
    },
  },
  {
    legend: 'Credits',
    types: {
      'credits.granted': 'You are given credits',
      'payment.succeeded': 'A purchase of yours is paid',
      'payment.refunded': 'A purchase of yours is paid back',
    },
  },
];

/** What one is told of, and how it is mailed. */
export default function Preferences() {
  const options = trpc.notifications.preferences.queryOptions({});
  const { data, error: latest, refetch } = useQuery(options);
  const error = failureOf({ data, error: latest });
  const set = (type: Type, isEnabled: boolean) => {
    const show = (to: boolean) =>
      queryClient.setQueryData(options.queryKey, (known) =>
        known?.map((one) => (one.type === type ? { ...one, isEnabled: to } : one)),
      );
    show(isEnabled);
    client.notifications.setPreference.mutate({ type, isEnabled }).catch((failure: unknown) => {
      show(!isEnabled);
      tellFailure(failure);
    });
  };
  const isOn = new Map(data?.map((one) => [one.type, one.isEnabled]));
  const told = groups.map(({ legend, types }) => ({
    legend,
    types: (Object.entries(types) as [Type, string][]).filter(([type]) => isOn.has(type)),
  }));
  return (
    <Page
      title="Notification preferences"
      lead="A change counts at once."
      breadcrumbs={[{ label: 'Inbox', to: '/inbox' }]}
    >
      <Digest />
      {error ? (
        <FailureNotice error={error} onRetry={refetch} />
      ) : data ? (
        told.map(({ legend, types }) => (
          <Fieldset key={legend} legend={legend}>
            <Stack gap="sm">
              {types.map(([type, label]) => (
                <Switch
                  key={type}
                  label={label}
                  checked={isOn.get(type) ?? false}
                  onChange={(event) => set(type, event.currentTarget.checked)}
                />
              ))}
            </Stack>
          </Fieldset>
        ))
      ) : (
        <Loading what="your preferences" />
      )}
    </Page>
  );
}
