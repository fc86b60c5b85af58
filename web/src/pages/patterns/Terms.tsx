import { Button, Code, Group, Select, Stack, Text, TextInput, Textarea, Title } from '@mantine/core';
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
import { useTerms } from './useTrees.ts';

type Term = Outputs['vocabularies']['terms']['items'][number];

interface TermFormProps {
  projectId: string;
  vocabularyId: string;
  /** The one that is changed; undefined: a new one. */
  term: Term | undefined;
  broaderId: string | null;
  terms: readonly Term[];
  onDone: () => void;
}

function TermForm({ projectId, vocabularyId, term, terms, broaderId, onDone }: TermFormProps) {
  const initial = {
    name: term?.name ?? '',
    description: term?.description ?? '',
    uri: term?.uri ?? '',
    broaderId,
  };
  const form = useForm(initial, async ({ uri, ...values }) => {
    const given = { projectId, ...values, uri: uri || null };
    await (term
      ? client.vocabularies.updateTerm.mutate({ ...given, termId: term.id, version: term.version })
      : client.vocabularies.addTerm.mutate({ ...given, vocabularyId }));
    renewPatterns();
    toast(`${values.name} is saved.`);
    onDone();
  });
  return (
    <FormBox form={form} submit={term ? 'Save the term' : 'Add the term'}>
      <TextInput label="Name" required data-autofocus {...form.field('name')} />
      <Textarea label="Description" autosize minRows={2} {...form.field('description')} />
      <TextInput label="URI" {...form.field('uri')} />
      <Select
        label="Broader term"
        placeholder="None: at the root"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear' }}
        data={terms
          .filter(({ id }) => id !== term?.id)
          .map(({ id, name, path }) => ({
            value: id,
            label: [...path.map((step) => step.name), name].join(' › '),
          }))}
        {...form.field('broaderId')}
      />
    </FormBox>
  );
}

/** A vocabulary's terms as they stand below one another, live. */
export function Terms({ projectId, vocabulary }: { projectId: string; vocabulary: Pattern }) {
  const { may } = useRights(projectId);
  const pages = useTerms(projectId, vocabulary.id);
  const [edited, setEdited] = useState<{ term?: Term; below: string | null }>();
  const terms = pages.items ?? [];
  const close = () => setEdited(undefined);
  return (
    <Stack gap="sm" component="section" aria-label={`Terms of ${vocabulary.name}`}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          Terms
        </Title>
        {may('vocabularies.addTerm') && (
          <Button size="xs" variant="default" onClick={() => setEdited({ below: null })}>
            Add a term
          </Button>
        )}
      </Group>
      <PagedList
        pages={{ ...pages, hasMore: false }}
        what="the terms"
        empty={<Text c="dimmed">It has no terms yet.</Text>}
      >
        {(items) => (
          <Tree
            items={items.map((term) => ({ ...term, parentId: term.broaderId }))}
            label={`Terms of ${vocabulary.name}`}
          >
            {(term) => (
              <Group gap="xs" justify="space-between">
                <div>
                  <Text span fw={600}>
                    {term.name}
                  </Text>{' '}
                  <Code>{term.identifier}</Code>
                  {term.description && <Text size="sm">{term.description}</Text>}
                </div>
                <Group gap="xs">
                  {may('vocabularies.addTerm') && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Add below ${term.name}`}
                      onClick={() => setEdited({ below: term.id })}
                    >
                      Add below
                    </Button>
                  )}
                  {may('vocabularies.updateTerm') && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Edit ${term.name}`}
                      onClick={() => setEdited({ term, below: term.broaderId })}
                    >
                      Edit
                    </Button>
                  )}
                  {may('vocabularies.removeTerm') && (
                    <ConfirmButton
                      size="compact-xs"
                      label={`Remove ${term.name}`}
                      consequence="It is taken out of the vocabulary. Its history stays in that of the vocabulary."
                      onConfirm={() =>
                        client.vocabularies.removeTerm
                          .mutate({ projectId, termId: term.id })
                          .then(renewPatterns)
                      }
                    >
                      Remove
                    </ConfirmButton>
                  )}
                </Group>
              </Group>
            )}
          </Tree>
        )}
      </PagedList>
      <Dialog
        title={edited?.term ? `Edit ${edited.term.name}` : 'Add a term'}
        isOpen={edited !== undefined}
        onClose={close}
      >
        <TermForm
          projectId={projectId}
          vocabularyId={vocabulary.id}
          term={edited?.term}
          broaderId={edited?.below ?? null}
          terms={terms}
          onDone={close}
        />
      </Dialog>
    </Stack>
  );
}
