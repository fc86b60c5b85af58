import { Fieldset, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client, trpc } from '../../../api.ts';
import { FormBox } from '../../../kit/FormBox.tsx';
import { toast } from '../../../kit/toast.ts';
import { useForm } from '../../../kit/useForm.ts';
import type { Account } from './PersonState.tsx';

/** What every person has, and is left with. */
const base = 'user';

/** Gives a person a role that is held everywhere, or takes it away. */
export function SystemRole({ person, onDone }: { person: Account; onDone: () => Promise<unknown> }) {
  const roles = useQuery(trpc.roles.list.queryOptions({ scope: 'system', limit: 200 }));
  const held = person.systemRoles.find((role) => role !== base) ?? base;
  const form = useForm<{ role: string }>({ role: held }, async ({ role }) => {
    const actorId = person.id;
    if (role === base) await client.roles.unassign.mutate({ actorId });
    else await client.roles.assign.mutate({ actorId, role });
    toast(`${person.name} is ${role} now.`);
    await onDone();
  });
  const items = roles.data?.items ?? [];
  return (
    <Fieldset legend="Role held everywhere">
      <FormBox form={form} submit="Give this role">
        <Select
          label="Role"
          description={items.find(({ name }) => name === form.values.role)?.description}
          allowDeselect={false}
          data={[...new Set([held, ...items.map(({ name }) => name)])]}
          value={form.values.role}
          onChange={(role) => role && form.set({ role })}
          error={form.field('role').error}
        />
      </FormBox>
    </Fieldset>
  );
}
