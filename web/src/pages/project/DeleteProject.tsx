import { Fieldset, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ProjectState } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { toast } from '../../kit/toast.ts';

/** Deletes the project; it can be restored from the list of projects. */
export function DeleteProject({ project: { id: projectId, name } }: { project: ProjectState }) {
  const navigate = useNavigate();
  const remove = async () => {
    await client.projects.delete.mutate({ projectId });
    await navigate({ to: '/projects' });
    await queryClient.invalidateQueries({ queryKey: trpc.projects.list.pathKey() });
    toast(`${name} is deleted. It is kept for a while under “Deleted”.`);
  };
  return (
    <Fieldset legend="The end">
      <Stack gap="sm" align="start">
        <Text size="sm">Nobody reaches a deleted project. For a while its owners can restore it.</Text>
        <ConfirmButton
          label="Delete the project"
          consequence={`Nobody reaches ${name} any more, its members included, until it is restored from the list of projects.`}
          onConfirm={remove}
        />
      </Stack>
    </Fieldset>
  );
}
