import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Sentence } from './describeChange.ts';
import { Sentences } from './Sentences.tsx';

export interface OvertakenProps {
  what: string;
  /** What somebody else has changed. */
  sentences: readonly Sentence[];
  children?: ReactNode;
  /** Throws away what stands here. */
  onTake: () => void;
  /** Keeps what stands here, to be saved over the other's. */
  onKeep: () => void;
}

/** Somebody was faster: says what they changed, and lets one choose. Nothing is lost before. */
export function Overtaken({ what, sentences, children, onTake, onKeep }: OvertakenProps) {
  return (
    <Alert color="yellow" variant="light" role="alert" title={what} icon={<IconGitMerge aria-hidden />}>
      <Stack gap="sm">
        <Sentences sentences={sentences} label="What was changed" />
        {children}
        <Text size="sm">Yours is still here. Take theirs, or keep yours and save it over theirs.</Text>
        <Group>
          <Button size="xs" variant="default" onClick={onTake}>
            Take theirs
          </Button>
          <Button size="xs" variant="default" onClick={onKeep}>
            Keep mine
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
