import { Button, CopyButton as Copy } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { toast } from './toast.ts';

/** Copies a text to the clipboard, and says so. @param what as in “Copy the key” */
export function CopyButton({ value, what }: { value: string; what: string }) {
  return (
    <Copy value={value} timeout={2_000}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          onClick={() => {
            copy();
            toast(`Copied ${what}.`);
          }}
        >
          Copy {what}
        </Button>
      )}
    </Copy>
  );
}
