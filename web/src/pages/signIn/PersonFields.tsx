import { TextInput } from '@mantine/core';
import { NewPassword } from './NewPassword.tsx';
import type { Form } from '../../kit/useForm.ts';

/** A new account, as `auth.register` and `auth.setup` take it. */
export const nobody = { name: '', username: '', email: '', password: '' };

/** The fields of a new account. */
export const PersonFields = ({ form }: { form: Form<typeof nobody> }) => (
  <>
    <TextInput label="Name" autoComplete="name" required {...form.field('name')} />
    <TextInput
      label="Username"
      description="Letters and digits, with - and _ between them"
      autoComplete="username"
      required
      {...form.field('username')}
    />
    <TextInput label="E-mail address" type="email" autoComplete="email" required {...form.field('email')} />
    <NewPassword {...form.field('password')} />
  </>
);
