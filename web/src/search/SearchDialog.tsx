import { Modal, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { SearchBox } from './SearchBox.tsx';
import { linkOf } from './linkOf.ts';

/** A search through all that the reader may see; what is chosen is opened. */
export default function SearchDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Search"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <SearchBox
        label="Projects, patterns, tasks, issues, threads and files"
        floats={false}
        autoFocus
        onPick={(item) => {
          onClose();
          void navigate(linkOf(item));
        }}
      />
      <Text size="sm" c="dimmed" mt="sm">
        Arrow keys to move, Enter to open, Escape to close.
      </Text>
    </Modal>
  );
}
