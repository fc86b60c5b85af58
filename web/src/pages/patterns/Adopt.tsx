import { Button, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { noteFailure } from '../../api.ts';
import { Dialog } from '../../kit/Dialog.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { later } from '../../kit/later.ts';
import { toast } from '../../kit/toast.ts';
import type { Found } from '../../search/found.ts';
import { type Noun, clientOf, idOf, pathOf } from './nouns.ts';

const SearchBox = later(() => import('../../search/SearchBox.tsx'), 'SearchBox');

/** Takes a copy of another project's pattern, with all that it is made of, into this one. */
export function Adopt({ noun, projectId }: { noun: Noun; projectId: string }) {
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [error, setError] = useState<unknown>();
  const adopt = async ({ id, project }: Found) => {
    setError(undefined);
    try {
      const copy = await clientOf(noun).adopt.mutate({
        projectId,
        fromProjectId: project.id,
        ...idOf(noun, id),
      });
      setOpen(false);
      toast(`${copy.name} is adopted from ${project.name}.`);
      await navigate({ to: pathOf(projectId, noun, copy.id) });
    } catch (caught) {
      noteFailure(caught);
      setError(caught);
    }
  };
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Adopt {noun.article} {noun.one}
      </Button>
      <Dialog
        title={`Adopt ${noun.article} ${noun.one}`}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        size="lg"
      >
        <Stack>
          <Text size="sm">
            This project gets a copy of its own, with all that it is made of. It remembers where it came from.
          </Text>
          <Suspense>
            <SearchBox
              label={`Find ${noun.article} ${noun.one} of another project`}
              kinds={[noun.name]}
              floats={false}
              autoFocus
              refuse={({ project }) => (project.id === projectId ? 'of this project' : undefined)}
              onPick={(item) => void adopt(item)}
            />
          </Suspense>
          {error !== undefined && <FailureNotice error={error} />}
        </Stack>
      </Dialog>
    </>
  );
}
