import { Button, Fieldset, Textarea } from '@mantine/core';
import { client } from '../../../api.ts';
import { FormBox } from '../../../kit/FormBox.tsx';
import { toast } from '../../../kit/toast.ts';
import { useForm } from '../../../kit/useForm.ts';
import { renewPolicy } from '../policy/renewPolicy.ts';
import type { Role } from './Roles.tsx';

/** Says anew what a role is for. */
export function EditRole({ role, onDone }: { role: Role; onDone: () => void }) {
  const form = useForm({ description: role.description }, async ({ description }) => {
    await client.roles.update.mutate({ name: role.name, description });
    toast(`The role ${role.name} is described anew.`);
    onDone();
    await renewPolicy();
  });
  return (
    <Fieldset legend={`What ${role.name} is for`}>
      <FormBox
        form={form}
        submit="Store the description"
        beside={
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        }
      >
        <Textarea label="Description" autosize minRows={2} {...form.field('description')} />
      </FormBox>
    </Fieldset>
  );
}
