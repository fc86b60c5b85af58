import { Badge, Group, Stack, Text } from '@mantine/core';
import type { Sentence } from './describeChange.ts';

const signs = {
  added: { word: 'Added', color: 'green' },
  removed: { word: 'Removed', color: 'red' },
  moved: { word: 'Moved', color: 'blue' },
  changed: { word: 'Changed', color: 'yellow' },
} as const;

/** What became of the parts of a list, one below the other. */
export function Sentences({ sentences, label }: { sentences: readonly Sentence[]; label: string }) {
  return (
    <Stack component="ul" className="parts" gap={4} aria-label={label}>
      {sentences.map(({ sign, text }) => (
        <Group component="li" key={`${sign} ${text}`} gap="xs" wrap="nowrap" align="start">
          <Badge variant="light" color={signs[sign].color} tt="none" miw="max-content">
            {signs[sign].word}
          </Badge>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {text}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
