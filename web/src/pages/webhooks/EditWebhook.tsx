import { Fieldset, TextInput } from '@mantine/core';
import { client, queryClient, trpc } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';
import { EventsField } from './EventsField.tsx';
import type { Webhook } from './WebhookStatus.tsx';

/** Changes where a webhook goes and what it is told of. */
export function EditWebhook({ webhook }: { webhook: Webhook }) {
  const { id: webhookId, projectId, url, events, description, version } = webhook;
  const form = useForm({ url, events, description }, async (values) => {
    await client.webhooks.update.mutate({ projectId, webhookId, version, ...values });
    await queryClient.invalidateQueries({ queryKey: trpc.webhooks.pathKey() });
    toast('The webhook is changed.');
  });
  return (
    <Fieldset legend="Change the webhook">
      <FormBox form={form} submit="Save">
        <TextInput label="Address" type="url" required {...form.field('url')} />
        <EventsField {...form.field('events')} />
        <TextInput label="Description" {...form.field('description')} />
      </FormBox>
    </Fieldset>
  );
}
