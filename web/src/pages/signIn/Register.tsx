import { Anchor } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { client, queryClient } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { Page } from '../../kit/Page.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';
import { PersonFields, nobody } from './PersonFields.tsx';

/** Makes an account, which is signed in with it. */
export default function Register() {
  const navigate = useNavigate();
  const form = useForm(nobody, async (values) => {
    await client.auth.register.mutate(values);
    queryClient.clear();
    toast('Your account is ready. A mail asks you to confirm the address.');
    await navigate({ to: '/projects', replace: true });
  });
  return (
    <Page title="Make an account">
      <FormBox form={form} submit="Make an account">
        <PersonFields form={form} />
      </FormBox>
      <Anchor component={Link} to="/sign-in" underline="always">
        I have an account
      </Anchor>
    </Page>
  );
}
