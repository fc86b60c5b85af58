import { Fieldset, TextInput } from '@mantine/core';
import { client, queryClient, trpc } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';
import type { Media } from './MediaStatus.tsx';

/** Gives a file another name. */
export function Rename({
  file: { id, projectId, name },
}: {
  file: Pick<Media, 'id' | 'projectId' | 'name'>;
}) {
  const form = useForm({ name }, async (values) => {
    await client.media.update.mutate({ projectId, mediaId: id, ...values });
    await queryClient.invalidateQueries({ queryKey: trpc.media.get.pathKey() });
    toast('The file has its new name.');
  });
  return (
    <Fieldset legend="Rename">
      <FormBox form={form} submit="Rename">
        <TextInput label="Name" required {...form.field('name')} />
      </FormBox>
    </Fieldset>
  );
}
