import { Paper, Stack, Text } from '@mantine/core';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Facts } from './Facts.tsx';
import { type Version, cardinalityWords } from './describeChange.ts';
import type { Noun } from './nouns.ts';
import { type PartsOf, partsOf } from './parts.ts';
import { usePattern } from './usePattern.ts';

const parts: readonly [PartsOf, string][] = [
  ['fields', 'Fields'],
  ['collections', 'Collections'],
  ['semantics', 'Meaning'],
];

export interface StateThenProps {
  noun: Noun;
  projectId: string;
  id: string;
  version: Version;
}

/** A pattern as it was at a version, its parts with the names that they had then. */
export function StateThen({ noun, projectId, id, version }: StateThenProps) {
  const { pattern, error, refetch, isPlaceholderData } = usePattern(noun, projectId, id, version.createdAt);
  if (error) return <FailureNotice error={error} onRetry={refetch} />;
  if (!pattern || isPlaceholderData) return <Loading what="how it was" />;
  return (
    <Paper withBorder p="sm" role="group" aria-label={`As it was at version ${version.version}`}>
      <Stack gap="xs">
        <Text fw={600}>{pattern.name}</Text>
        <Facts noun={noun} pattern={pattern} />
        {parts.map(([of, label]) => {
          const list = partsOf(pattern, of);
          return list.length === 0 ? null : (
            <div key={of}>
              <Text fw={600} size="sm">
                {label}
              </Text>
              <ol>
                {list.map(({ key, name, choice }) => (
                  <li key={key}>
                    {name}
                    {choice !== '' && ` (${cardinalityWords[choice] ?? choice})`}
                  </li>
                ))}
              </ol>
            </div>
          );
        })}
      </Stack>
    </Paper>
  );
}
