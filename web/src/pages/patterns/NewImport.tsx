import { FileInput, Group, Progress, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client, queryClient, trpc } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { formatShare } from '../../kit/numbers.tsx';
import { useForm } from '../../kit/useForm.ts';
import { toPieces } from './readPieces.ts';

const kinds = ['field', 'collection', 'model'] as const;
const labels = { field: 'Fields', collection: 'Collections', model: 'Models' };

type Values = { source: string } & Record<(typeof kinds)[number], File | null>;
const initial: Values = { source: '', field: null, collection: null, model: null };

/** Uploads files of patterns a piece at a time, and opens the import, where it is run. */
export function NewImport({ projectId }: { projectId: string }) {
  const navigate = useNavigate();
  const [done, setDone] = useState<number>();
  const form = useForm(initial, async ({ source, ...files }) => {
    const { id: importId } = await client.patternImports.create.mutate({
      projectId,
      ...(source ? { source } : {}),
    });
    const texts = await Promise.all(
      kinds.map(async (kind) => ({ kind, text: (await files[kind]?.text()) ?? '' })),
    );
    const pieces = texts.flatMap(({ kind, text }) =>
      toPieces(text).map((content, index) => ({ kind, index, content })),
    );
    try {
      // In turn, so that the bar tells the truth.
      for (const [index, piece] of pieces.entries()) {
        setDone(index / pieces.length);
        await client.patternImports.append.mutate({ projectId, importId, ...piece });
      }
    } finally {
      setDone(undefined);
    }
    await queryClient.invalidateQueries({ queryKey: trpc.patternImports.list.pathKey() });
    await navigate({ to: `/projects/${projectId}/patterns/imports/${importId}` });
  });
  const hasFile = kinds.some((kind) => form.values[kind] !== null);
  return (
    <FormBox form={form} submit="Upload the files" label="New import">
      <Text size="sm">
        One file for each kind, with a header line. Nothing is changed yet: next you can try what would
        happen.
      </Text>
      <Group grow align="start">
        {kinds.map((kind) => (
          <FileInput
            key={kind}
            label={labels[kind]}
            placeholder="Choose a CSV file"
            accept=".csv,text/csv"
            clearable
            clearButtonProps={{ 'aria-label': `Clear ${labels[kind].toLowerCase()}` }}
            {...form.field(kind)}
          />
        ))}
      </Group>
      <TextInput
        label="Source"
        description="The project that rows come from which do not name one"
        {...form.field('source')}
      />
      {done !== undefined && <Progress value={done * 100} aria-label={`Uploaded ${formatShare(done)}`} />}
      {!hasFile && (
        <Text size="sm" c="dimmed">
          Choose one file or more.
        </Text>
      )}
    </FormBox>
  );
}
