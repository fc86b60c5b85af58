import { Button, type ButtonProps, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { noteFailure } from '../api.ts';
import { Dialog } from './Dialog.tsx';
import { focusHeading } from './focusHeading.ts';
import { FailureNotice } from './FailureNotice.tsx';

export interface ConfirmButtonProps extends ButtonProps {
  /** What the button says, and the dialog's title: a verb and its object, such as “Remove Ada”. */
  label: string;
  /** What will be so afterwards, and whether it can be undone. */
  consequence: ReactNode;
  /** Does it; what it throws is shown in the dialog. */
  onConfirm: () => Promise<unknown>;
  /** What stands on the button instead of the label, which then is its accessible name. */
  children?: ReactNode;
}

/** A button for what is not to happen by mistake: a dialog asks first. */
export function ConfirmButton({ label, consequence, onConfirm, children, ...button }: ConfirmButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const opener = useRef<HTMLButtonElement>(null);
  // What was removed takes this button along: whoever used it goes on from the heading.
  useLayoutEffect(() => {
    const element = opener.current;
    return () => {
      if (element && element === document.activeElement) focusHeading();
    };
  }, []);
  const close = () => {
    setOpen(false);
    setError(undefined);
  };
  const confirm = () => {
    setBusy(true);
    onConfirm()
      .then(close, (caught: unknown) => {
        setError(caught);
        noteFailure(caught);
      })
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button ref={opener} variant="default" {...button} aria-label={label} onClick={() => setOpen(true)}>
        {children ?? label}
      </Button>
      <Dialog title={label} isOpen={isOpen} onClose={close}>
        <Stack>
          <Text>{consequence}</Text>
          {error !== undefined && <FailureNotice error={error} />}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button color="red.9" loading={isBusy} onClick={confirm}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
