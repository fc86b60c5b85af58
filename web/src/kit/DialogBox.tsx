import { Modal } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { useLayoutEffect, useRef } from 'react';
import { focusHeading } from './focusHeading.ts';
import type { DialogProps } from './Dialog.tsx';

/** What `Dialog` shows once it has come. */
export function DialogBox({ title, isOpen, onClose, size = 'md', children }: DialogProps) {
  // It opens once it is there: then it knows what had the focus, and gives it back.
  const isThere = useMounted();
  const wasOpen = useRef(false);
  useLayoutEffect(() => {
    wasOpen.current = isOpen;
  }, [isOpen]);
  // The news that something is gone may come before the answer to who removed it, and take the open dialog along.
  useLayoutEffect(
    () => () => {
      if (wasOpen.current) focusHeading();
    },
    [],
  );
  return (
    <Modal
      opened={isOpen && isThere}
      onClose={onClose}
      title={title}
      size={size}
      centered={size === 'md'}
      closeButtonProps={{ 'aria-label': 'Close' }}
      // What opened it may be gone, as a row is whose removal it confirmed.
      onExitTransitionEnd={() => {
        if (document.activeElement === document.body) focusHeading();
      }}
    >
      {children}
    </Modal>
  );
}
