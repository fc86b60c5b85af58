import { Fieldset, TextInput } from '@mantine/core';
import { client } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { useForm } from '../../kit/useForm.ts';
import { EventsField } from './EventsField.tsx';

const initial = { url: '', events: ['*'], description: '' };

/** Makes a webhook. @param onMade gets its secret, which is never told again */
export function NewWebhook({ projectId, onMade }: { projectId: string; onMade: (secret: string) => void }) {
  const form = useForm(initial, async (values, reset) => {
    const { secret } = await client.webhooks.create.mutate({ projectId, ...values });
    reset();
    onMade(secret);
  });
  return (
    <Fieldset legend="A new webhook">
      <FormBox form={form} submit="Make the webhook">
        <TextInput
          label="Address"
          description="Where messages are sent, such as https://example.org/hooks"
          type="url"
          required
          {...form.field('url')}
        />
        <EventsField {...form.field('events')} />
        <TextInput label="Description" {...form.field('description')} />
      </FormBox>
    </Fieldset>
  );
}
