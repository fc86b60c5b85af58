import { Fieldset, Select } from '@mantine/core';
import { client } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import type { ActorRef } from '../../kit/Person.tsx';
import { PersonPicker } from '../../kit/PersonPicker.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';

/** Adds a person or an organization with a role. */
export function AddMember({ projectId, roles }: { projectId: string; roles: readonly string[] }) {
  const initial: { actorId: ActorRef | null; role: string | null } = { actorId: null, role: null };
  const form = useForm(initial, async ({ actorId: actor, role }, reset) => {
    await client.members.add.mutate({ projectId, actorId: actor?.id ?? '', role: role ?? '' });
    toast(`${actor?.name} is a member now.`);
    reset();
  });
  return (
    <Fieldset legend="Add a member">
      <FormBox form={form} submit="Add">
        <PersonPicker label="Person or organization" required {...form.field('actorId')} />
        <Select label="Role" required data={[...roles]} {...form.field('role')} />
      </FormBox>
    </Fieldset>
  );
}
