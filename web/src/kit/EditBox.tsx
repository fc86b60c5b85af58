import { Button, Stack } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { ClashNotice, type ClashNoticeProps } from './ClashNotice.tsx';
import { FormBox } from './FormBox.tsx';
import { focusHeading } from './focusHeading.ts';
import type { Edit } from './useEditForm.ts';

export interface EditBoxProps<V extends Record<string, unknown>> extends Pick<ClashNoticeProps<V>, 'fields'> {
  edit: Edit<V>;
  /** What is edited, such as “task”. */
  noun: string;
  onDone: () => void;
  children: ReactNode;
}

/** A form of `useEditForm`: its fields, what others changed meanwhile, and the ways out. */
export const EditBox = <V extends Record<string, unknown>>(props: EditBoxProps<V>) => {
  const { edit, noun, fields, onDone, children } = props;
  const box = useRef<HTMLDivElement>(null);
  // It stands in place of what it changes: the focus comes along, and goes back.
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('input, textarea')?.focus();
    return focusHeading;
  }, []);
  return (
    <FormBox
      form={edit.form}
      submit="Save"
      label={`The ${noun}`}
      beside={
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      }
    >
      <Stack gap="sm" ref={box}>
        {children}
      </Stack>
      <ClashNotice edit={edit} thing={`This ${noun}`} fields={fields} />
    </FormBox>
  );
};
