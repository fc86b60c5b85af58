import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { noteFailure } from '../api.ts';
import { explain } from './FailureNotice.tsx';
import { toast } from './toast.ts';

export interface ActionButtonProps extends ButtonProps {
  /** What it does, as its accessible name: a verb and its object. */
  label: string;
  /** Does it; what it throws is told in passing. */
  onAct: () => Promise<unknown>;
  /** What is told in passing when it is done. */
  done?: string;
  /** What stands on the button instead of the label. */
  children?: ReactNode;
}

/** Tells in passing what went wrong. */
export function tellFailure(error: unknown): void {
  const { message, remedy } = explain(error);
  noteFailure(error);
  toast(`${message} ${remedy}`, 'failed');
}

/** A button that does something at once, which can be undone or repeated without harm. */
export function ActionButton({ label, onAct, done, children, ...button }: ActionButtonProps) {
  const [isBusy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    try {
      await onAct();
      if (done !== undefined) toast(done);
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      variant="default"
      size="xs"
      {...button}
      aria-label={label}
      loading={isBusy}
      onClick={() => void act()}
    >
      {children ?? label}
    </Button>
  );
}
