import { Button, Code, Group, NativeSelect, Stack, Text, TextInput, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import type { Outputs } from 'tessera-client';
import { client } from '../../api.ts';
import { Dialog } from '../../kit/Dialog.tsx';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { FormBox } from '../../kit/FormBox.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';
import { useRights } from '../../kit/useRight.ts';
import { Tree } from './Tree.tsx';
import type { Pattern } from './nouns.ts';
import { renewPatterns } from './usePatternNews.ts';
import { useClasses } from './useTrees.ts';

type OntologyClass = Outputs['ontologies']['classes']['items'][number];
type Kind = OntologyClass['kind'];

interface ClassFormProps {
  projectId: string;
  ontology: Pattern;
  /** The one that is changed; undefined: a new one. */
  edited: OntologyClass | undefined;
  onDone: () => void;
}

function ClassForm({ projectId, ontology, edited, onDone }: ClassFormProps) {
  const initial: { kind: Kind } & Record<'name' | 'uri' | 'description', string> = {
    kind: edited?.kind ?? 'class',
    name: edited?.name ?? '',
    uri: edited?.uri ?? ontology.uri ?? '',
    description: edited?.description ?? '',
  };
  const form = useForm(initial, async ({ kind, ...values }) => {
    await (edited
      ? client.ontologies.updateClass.mutate({
          projectId,
          classId: edited.id,
          version: edited.version,
          ...values,
        })
      : client.ontologies.addClass.mutate({ projectId, ontologyId: ontology.id, kind, ...values }));
    renewPatterns();
    toast(`${values.name} is saved.`);
    onDone();
  });
  return (
    <FormBox form={form} submit={edited ? 'Save' : 'Add'}>
      {!edited && (
        <NativeSelect
          label="Kind"
          data={[
            { value: 'class', label: 'Class' },
            { value: 'property', label: 'Property' },
          ]}
          {...form.field('kind')}
        />
      )}
      <TextInput label="Name" required data-autofocus {...form.field('name')} />
      <TextInput label="URI" required {...form.field('uri')} />
      <Textarea label="Description" autosize minRows={2} {...form.field('description')} />
    </FormBox>
  );
}

/** Classes and properties are told apart by a branch for each. */
const branches = [
  { id: 'class', name: 'Classes', parentId: null },
  { id: 'property', name: 'Properties', parentId: null },
];
type Leaf = (typeof branches)[number] & { own?: OntologyClass };

function grow(items: readonly OntologyClass[]): Leaf[] {
  const leaves = items.map((own) => ({
    id: own.id,
    name: own.name,
    parentId: own.kind,
    own,
  })) as unknown as Leaf[];
  return [...branches.filter(({ id }) => items.some(({ kind }) => kind === id)), ...leaves];
}

/** An ontology's classes and properties, live. */
export function Classes({ projectId, ontology }: { projectId: string; ontology: Pattern }) {
  const { may } = useRights(projectId);
  const pages = useClasses(projectId, ontology.id);
  const [edited, setEdited] = useState<{ own?: OntologyClass }>();
  const close = () => setEdited(undefined);
  return (
    <Stack gap="sm" component="section" aria-label={`Classes of ${ontology.name}`}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          Classes and properties
        </Title>
        {may('ontologies.addClass') && (
          <Button size="xs" variant="default" onClick={() => setEdited({})}>
            Add a class or property
          </Button>
        )}
      </Group>
      <PagedList
        pages={{ ...pages, hasMore: false }}
        what="the classes"
        empty={<Text c="dimmed">It has no classes and properties yet.</Text>}
      >
        {(items) => (
          <Tree items={grow(items)} label={`Classes and properties of ${ontology.name}`}>
            {({ name, own }) =>
              own ? (
                <Group gap="xs" justify="space-between">
                  <div>
                    <Text span fw={600}>
                      {name}
                    </Text>{' '}
                    <Code>{own.uri}</Code>
                    {own.description && <Text size="sm">{own.description}</Text>}
                  </div>
                  <Group gap="xs">
                    {may('ontologies.updateClass') && (
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={`Edit ${name}`}
                        onClick={() => setEdited({ own })}
                      >
                        Edit
                      </Button>
                    )}
                    {may('ontologies.removeClass') && (
                      <ConfirmButton
                        size="compact-xs"
                        label={`Remove ${name}`}
                        consequence="It is taken out of the ontology. Its history stays in that of the ontology."
                        onConfirm={() =>
                          client.ontologies.removeClass
                            .mutate({ projectId, classId: own.id })
                            .then(renewPatterns)
                        }
                      >
                        Remove
                      </ConfirmButton>
                    )}
                  </Group>
                </Group>
              ) : (
                <Text fw={600}>{name}</Text>
              )
            }
          </Tree>
        )}
      </PagedList>
      <Dialog
        title={edited?.own ? `Edit ${edited.own.name}` : 'Add a class or property'}
        isOpen={edited !== undefined}
        onClose={close}
      >
        <ClassForm projectId={projectId} ontology={ontology} edited={edited?.own} onDone={close} />
      </Dialog>
    </Stack>
  );
}
