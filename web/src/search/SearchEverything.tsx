import { Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { SearchBox } from './SearchBox.tsx';
import { linkOf } from './linkOf.ts';

/** A search through all that the reader may see; what is chosen is opened. */
export function SearchEverything({ onDone }: { onDone: () => void }) {
  const navigate = useNavigate();
  return (
    <>
      <SearchBox
        label="Projects, patterns, tasks, issues, threads and files"
        floats={false}
        autoFocus
        onPick={(item) => {
          onDone();
          void navigate(linkOf(item));
        }}
      />
      <Text size="sm" c="dimmed" mt="sm">
        Arrow keys to move, Enter to open, Escape to close.
      </Text>
    </>
  );
}
