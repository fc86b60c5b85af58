import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

export interface EntryDialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  /** A form. */
  children: ReactNode;
}

/** A small form over the page. */
export function EntryDialog({ title, isOpen, onClose, children }: EntryDialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      {isOpen && children}
    </Modal>
  );
}
