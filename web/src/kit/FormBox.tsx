import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { FailureNotice } from './FailureNotice.tsx';
import type { Form } from './useForm.ts';

export interface FormBoxProps {
  form: Pick<Form<Record<string, unknown>>, 'onSubmit' | 'error' | 'isBusy'>;
  /** What the button says. */
  submit: string;
  /** The form's accessible name, when there are several on a page. */
  label?: string;
  /** Beside the button. */
  beside?: ReactNode;
  children: ReactNode;
}

/** A form of `useForm`: its fields, what went wrong, and the button. */
export function FormBox({ form, submit, label, beside, children }: FormBoxProps) {
  return (
    <form onSubmit={form.onSubmit} aria-label={label} noValidate>
      <Stack gap="sm" maw={560}>
        {children}
        {form.error !== undefined && <FailureNotice error={form.error} />}
        <Group>
          <Button type="submit" loading={form.isBusy}>
            {submit}
          </Button>
          {beside}
        </Group>
      </Stack>
    </form>
  );
}
