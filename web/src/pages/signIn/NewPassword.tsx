import { PasswordInput } from '@mantine/core';
import type { FieldProps } from '../../kit/useForm.ts';

/** A password that is to be set. */
export const NewPassword = (field: FieldProps<string>) => (
  <PasswordInput
    label="Password"
    description="At least 8 characters"
    autoComplete="new-password"
    required
    {...field}
  />
);
