import { Text } from '@mantine/core';
import { useTyping } from './useTyping.ts';

const writeNames = (names: readonly string[]) =>
  names.length > 3
    ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
    : new Intl.ListFormat('en-GB').format(names);

/** Says who types in a thread; it is there always, so that what appears in it is read out. */
export function TypingNote({ projectId, threadId }: { projectId: string; threadId: string }) {
  const typists = useTyping(projectId, threadId);
  const names = writeNames(typists.map(({ name }) => name));
  return (
    <Text size="xs" c="dimmed" role="status" aria-label="Typing" mih="1.2em">
      {typists.length > 0 && `${names} ${typists.length === 1 ? 'is' : 'are'} typing…`}
    </Text>
  );
}
