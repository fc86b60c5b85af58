import { IconAlertTriangle, IconCheck, IconPlayerPause } from '@tabler/icons-react';
import type { Outputs } from 'tessera-client';
import { Sign } from '../../kit/Sign.tsx';

export type Webhook = Outputs['webhooks']['list']['items'][number];

/** Whether a webhook is on, and why not. */
export function WebhookStatus({ webhook: { active, disabledReason } }: { webhook: Webhook }) {
  if (active) return <Sign word="On" color="green" Icon={IconCheck} />;
  if (!disabledReason) return <Sign word="Off" color="gray" Icon={IconPlayerPause} />;
  const words = { gone: 'Off: its receiver is gone', failing: 'Off: it kept failing' };
  return <Sign word={words[disabledReason]} color="red" Icon={IconAlertTriangle} />;
}
