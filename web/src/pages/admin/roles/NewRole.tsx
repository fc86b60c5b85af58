import { Fieldset, MultiSelect, Radio, Stack, TextInput } from '@mantine/core';
import { client } from '../../../api.ts';
import { FormBox } from '../../../kit/FormBox.tsx';
import { toast } from '../../../kit/toast.ts';
import { useForm } from '../../../kit/useForm.ts';
import { renewPolicy } from '../policy/renewPolicy.ts';
import type { Role } from './Roles.tsx';

const initial = {
  name: '',
  scope: 'project' as Role['scope'],
  description: '',
  inherits: [] as string[],
};

/** Makes a role, which may do what it inherits until rules give it more. */
export function NewRole({ roles }: { roles: readonly Role[] }) {
  const form = useForm(initial, async (values, reset) => {
    await client.roles.create.mutate(values);
    toast(`The role ${values.name} is there.`);
    reset();
    await renewPolicy();
  });
  const { scope } = form.values;
  // A project role inherits project roles; a role held everywhere may inherit both kinds.
  const parents = roles
    .filter((role) => scope === 'system' || role.scope === 'project')
    .map(({ name }) => name);
  const { error: wrongScope, ...scopeField } = form.field('scope');
  return (
    <Fieldset legend="Make a role">
      <FormBox form={form} submit="Make the role">
        <TextInput
          label="Name"
          description="A lower-case letter, then lower-case letters, digits, - and _"
          required
          {...form.field('name')}
        />
        <Radio.Group label="It is held" error={wrongScope} {...scopeField}>
          <Stack gap="xs" mt="xs">
            <Radio value="project" label="in a project" />
            <Radio value="system" label="everywhere" />
          </Stack>
        </Radio.Group>
        <TextInput label="Description" {...form.field('description')} />
        <MultiSelect
          label="Inherits"
          description="It may do all that these may."
          data={parents}
          clearable
          clearButtonProps={{ 'aria-label': 'Clear what it inherits' }}
          {...form.field('inherits')}
        />
      </FormBox>
    </Fieldset>
  );
}
