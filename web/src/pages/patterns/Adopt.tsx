import { Button, Modal, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { noteFailure } from '../../api.ts';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { toast } from '../../kit/toast.ts';
import type { Found } from '../../search/found.ts';
import { SearchBox } from '../../search/SearchBox.tsx';
import { type Noun, clientOf, idOf, pathOf } from './nouns.ts';

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
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={`Adopt ${noun.article} ${noun.one}`}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <Text size="sm">
            This project gets a copy of its own, with all that it is made of. It remembers where it came from.
          </Text>
          <SearchBox
            label={`Find ${noun.article} ${noun.one} of another project`}
            kinds={[noun.name]}
            floats={false}
            autoFocus
            refuse={({ project }) => (project.id === projectId ? 'of this project' : undefined)}
            onPick={(item) => void adopt(item)}
          />
          {error !== undefined && <FailureNotice error={error} />}
        </Stack>
      </Modal>
    </>
  );
}
