import { Fieldset, Radio, Stack, TextInput, Textarea } from '@mantine/core';
import type { ProjectState } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';

/** Changes what a project is called, who may see it and where its repository is. */
export function EditProject({ project }: { project: ProjectState }) {
  const { id: projectId, version, name, identifier, description, visibility } = project;
  const form = useForm(
    {
      name,
      identifier,
      description,
      visibility,
      repositoryUrl: project.repositoryUrl ?? '',
      homepage: project.homepage ?? '',
    },
    async ({ repositoryUrl, homepage, ...values }) => {
      await client.projects.update.mutate({
        projectId,
        version,
        ...values,
        repositoryUrl: repositoryUrl || null,
        homepage: homepage || null,
      });
      await queryClient.invalidateQueries({ queryKey: trpc.projects.list.pathKey() });
      toast('The project is changed.');
    },
  );
  const { error: wrongVisibility, ...shown } = form.field('visibility');
  return (
    <Fieldset legend="The project">
      <FormBox form={form} submit="Save" label="The project">
        <TextInput label="Name" required {...form.field('name')} />
        <TextInput
          label="Identifier"
          description="Lower-case letters, digits and hyphens"
          required
          {...form.field('identifier')}
        />
        <Textarea label="Description" autosize minRows={2} {...form.field('description')} />
        <TextInput
          label="Repository"
          description="Its https:// address"
          type="url"
          {...form.field('repositoryUrl')}
        />
        <TextInput label="Homepage" type="url" {...form.field('homepage')} />
        <Radio.Group label="Who may see it" error={wrongVisibility} {...shown}>
          <Stack gap="xs" mt="xs">
            <Radio value="private" label="Its members" />
            <Radio value="public" label="Everybody" />
          </Stack>
        </Radio.Group>
      </FormBox>
    </Fieldset>
  );
}
