import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconPlayerPause } from '@tabler/icons-react';
import type { Outputs } from 'tessera-client';

export type Webhook = Outputs['webhooks']['list']['items'][number];

/** Whether a webhook is on, and why not. */
export function WebhookStatus({ webhook: { active, disabledReason } }: { webhook: Webhook }) {
  if (active)
    return (
      <Badge
        variant="light"
        color="green"
        tt="none"
        miw="max-content"
        leftSection={<IconCheck size={12} aria-hidden />}
      >
        On
      </Badge>
    );
  const Icon = disabledReason ? IconAlertTriangle : IconPlayerPause;
  const words = { gone: 'Off: its receiver is gone', failing: 'Off: it kept failing' };
  return (
    <Badge
      variant="light"
      color={disabledReason ? 'red' : 'gray'}
      tt="none"
      miw="max-content"
      leftSection={<Icon size={12} aria-hidden />}
    >
      {disabledReason ? words[disabledReason] : 'Off'}
    </Badge>
  );
}
