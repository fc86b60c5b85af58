import { Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { client, queryClient, trpc } from '../../api.ts';
import { failureOf } from '../../kit/failureOf.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { toast } from '../../kit/toast.ts';
import { Deliveries } from './Deliveries.tsx';
import { EditWebhook } from './EditWebhook.tsx';
import { Health } from './Health.tsx';
import { Secret } from './Secret.tsx';
import { type Webhook, WebhookStatus } from './WebhookStatus.tsx';

const renew = () => queryClient.invalidateQueries({ queryKey: trpc.webhooks.pathKey() });

interface ActionsProps {
  webhook: Webhook;
  may: (permission: string) => boolean;
  onSecret: (secret: string) => void;
}

function Actions({ webhook, may, onSecret }: ActionsProps) {
  const navigate = useNavigate();
  const { id: webhookId, projectId, active, version } = webhook;
  const which = { projectId, webhookId };
  const rotate = async () => {
    const { secret } = await client.webhooks.rotateSecret.mutate(which);
    onSecret(secret);
    await renew();
  };
  const remove = async () => {
    await client.webhooks.delete.mutate(which);
    toast('The webhook is deleted.');
    await navigate({ to: `/projects/${projectId}/webhooks` });
  };
  return (
    <>
      {active && may('webhooks.ping') && (
        <ActionButton
          size="sm"
          label="Send a test message"
          done="A test message is on its way."
          onAct={async () => {
            await client.webhooks.ping.mutate(which);
            await renew();
          }}
        />
      )}
      {may('webhooks.update') && (
        <ActionButton
          size="sm"
          label={active ? 'Switch off' : 'Switch on'}
          onAct={async () => {
            await client.webhooks.update.mutate({ ...which, active: !active, version });
            await renew();
          }}
        />
      )}
      {may('webhooks.rotateSecret') && (
        <ConfirmButton
          label="Replace the secret"
          consequence="The old one signs besides for 24 hours, so that the receiver can change over."
          onConfirm={rotate}
        />
      )}
      {may('webhooks.delete') && (
        <ConfirmButton
          label="Delete the webhook"
          consequence="Nothing more is sent, and what was sent can no longer be looked at. This cannot be undone."
          onConfirm={remove}
        />
      )}
    </>
  );
}

/** One webhook: how it fares, what was sent, and what can be changed. */
export default function WebhookPage() {
  const projectId = useProjectId();
  const { webhookId = '' }: { webhookId?: string } = useParams({ strict: false });
  const { may } = useRights(projectId);
  const [secret, setSecret] = useState<string>();
  const {
    data: webhook,
    error: latest,
    refetch,
  } = useQuery(trpc.webhooks.get.queryOptions({ projectId, webhookId }));
  const error = failureOf({ data: webhook, error: latest });
  useProjectEvents(projectId, ({ type }) => {
    if (type.startsWith('webhook.') || type === 'resync')
      void queryClient.invalidateQueries({ queryKey: trpc.webhooks.pathKey() });
  });
  return (
    <ProjectPage
      title="Webhook"
      lead={webhook && <span style={{ overflowWrap: 'anywhere' }}>{webhook.url}</span>}
      breadcrumbs={[{ label: 'Webhooks', to: `/projects/${projectId}/webhooks` }]}
      actions={webhook && !error && <Actions webhook={webhook} may={may} onSecret={setSecret} />}
    >
      {() => {
        if (error) return <FailureNotice error={error} onRetry={refetch} />;
        if (!webhook) return <Loading what="the webhook" />;
        return (
          <Stack gap="lg">
            {secret !== undefined && <Secret value={secret} onDone={() => setSecret(undefined)} />}
            <div>
              <WebhookStatus webhook={webhook} />
              <Health webhook={webhook} />
            </div>
            <section aria-labelledby="deliveries">
              <Title order={2} size="h3" id="deliveries" mb="xs">
                Deliveries
              </Title>
              <Deliveries webhook={webhook} mayReplay={may('webhooks.replay')} />
            </section>
            {may('webhooks.update') && <EditWebhook key={webhook.version} webhook={webhook} />}
          </Stack>
        );
      }}
    </ProjectPage>
  );
}
