import { Radio, Stack, TextInput, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { client } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { Page } from '../../kit/Page.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';

const initial = {
  name: '',
  description: '',
  repositoryUrl: '',
  visibility: 'private' as 'private' | 'public',
};

/** Makes a project, whose owner one becomes. */
export default function NewProject() {
  const navigate = useNavigate();
  const form = useForm(initial, async ({ repositoryUrl, ...values }) => {
    const { id } = await client.projects.create.mutate({
      ...values,
      ...(repositoryUrl ? { repositoryUrl } : {}),
    });
    toast('The project is there.');
    await navigate({ to: `/projects/${id}` });
  });
  const { error: wrongVisibility, ...visibility } = form.field('visibility');
  return (
    <Page title="New project" breadcrumbs={[{ label: 'Projects', to: '/projects' }]}>
      <FormBox form={form} submit="Make the project">
        <TextInput label="Name" required {...form.field('name')} />
        <Textarea label="Description" autosize minRows={2} {...form.field('description')} />
        <TextInput
          label="Repository"
          description="Its https:// address; it can be given later"
          type="url"
          {...form.field('repositoryUrl')}
        />
        <Radio.Group label="Who may see it" error={wrongVisibility} {...visibility}>
          <Stack gap="xs" mt="xs">
            <Radio value="private" label="Its members" />
            <Radio value="public" label="Everybody" />
          </Stack>
        </Radio.Group>
      </FormBox>
    </Page>
  );
}
