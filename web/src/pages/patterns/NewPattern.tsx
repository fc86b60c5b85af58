import { useNavigate } from '@tanstack/react-router';
import { NotFound } from '../../frame/NotFound.tsx';
import { FormBox } from '../../kit/FormBox.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { NounFields, changesOf, valuesOf } from './NounFields.tsx';
import { PatternPage } from './PatternPage.tsx';
import { type Noun, clientOf, pathOf, useNounPlace } from './nouns.ts';

function Maker({ noun }: { noun: Noun }) {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const form = useForm(valuesOf({}), async (values) => {
    const { id, name } = await clientOf(noun).create.mutate({ projectId, ...changesOf(noun, values) });
    toast(`${name} is there.`);
    await navigate({ to: pathOf(projectId, noun, id) });
  });
  return (
    <PatternPage
      title={`New ${noun.one}`}
      lead={noun.meaning}
      breadcrumbs={[{ label: noun.label, to: pathOf(projectId, noun) }]}
    >
      {() => (
        <FormBox form={form} submit={`Make the ${noun.one}`}>
          <NounFields noun={noun} projectId={projectId} form={form} />
        </FormBox>
      )}
    </PatternPage>
  );
}

/** Makes a pattern of the address's kind. */
export default function NewPattern() {
  const { noun } = useNounPlace();
  return noun ? <Maker key={noun.name} noun={noun} /> : <NotFound />;
}
