import { Anchor, PasswordInput, Stack, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { client, queryClient } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { Page } from '../../kit/Page.tsx';
import { useForm } from '../../kit/useForm.ts';
import { readNext } from '../../session.ts';

/** Opens a session, kept in a cookie that no script can read, and goes back to where one came from. */
export default function SignIn() {
  const navigate = useNavigate();
  const form = useForm({ email: '', password: '' }, async (values) => {
    await client.auth.login.mutate(values);
    queryClient.clear();
    await navigate({ href: readNext(location.search), replace: true });
  });
  return (
    <Page title="Sign in">
      <FormBox form={form} submit="Sign in">
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          required
          {...form.field('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          {...form.field('password')}
        />
      </FormBox>
      <Stack gap={4}>
        <Anchor component={Link} to="/register" underline="always">
          Make an account
        </Anchor>
        <Anchor component={Link} to="/forgotten" underline="always">
          Choose a new password
        </Anchor>
      </Stack>
    </Page>
  );
}
