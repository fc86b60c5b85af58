import { Anchor, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { Page } from '../../kit/Page.tsx';
import { useForm } from '../../kit/useForm.ts';

/** Has a link mailed by which a new password is chosen. */
export default function Forgotten() {
  const [isSent, setSent] = useState(false);
  const form = useForm({ email: '' }, async (values) => {
    await client.auth.requestPasswordReset.mutate(values);
    setSent(true);
  });
  return (
    <Page title="Choose a new password">
      {isSent ? (
        <Text role="status">If the address has an account, a link is on its way there.</Text>
      ) : (
        <FormBox form={form} submit="Send me a link">
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            {...form.field('email')}
          />
        </FormBox>
      )}
      <Anchor component={Link} to="/sign-in" underline="always">
        Back to signing in
      </Anchor>
    </Page>
  );
}
