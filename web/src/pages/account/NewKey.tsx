import { Fieldset, TagsInput, TextInput } from '@mantine/core';
import { client } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { useForm } from '../../kit/useForm.ts';

const initial = { name: '', scopes: ['*'], expiresOn: '' };

/** Makes a key. @param onMade gets the key itself, which is never told again */
export function NewKey({ onMade }: { onMade: (key: string) => void }) {
  const form = useForm(initial, async ({ name, scopes, expiresOn }, reset) => {
    const expiry = expiresOn ? { expiresAt: new Date(`${expiresOn}T23:59:59`) } : {};
    const { key } = await client.apiKeys.create.mutate({ name, scopes, ...expiry });
    reset();
    onMade(key);
  });
  return (
    <Fieldset legend="A new key">
      <FormBox form={form} submit="Make a key">
        <TextInput label="Name" description="What it is for" required {...form.field('name')} />
        <TagsInput
          label="Scopes"
          description="* for everything, or as in comments.add or comments.*"
          required
          {...form.field('scopes')}
        />
        <TextInput label="Expires on" description="Empty: never" type="date" {...form.field('expiresOn')} />
      </FormBox>
    </Fieldset>
  );
}
