import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { FormBox } from '../../kit/FormBox.tsx';
import { Page } from '../../kit/Page.tsx';
import { type Form, useForm } from '../../kit/useForm.ts';
import { useLinkToken } from './useLinkToken.ts';

export interface LinkPageProps<V extends Record<string, unknown>> {
  title: string;
  initial: V;
  /** What the button says. */
  submit: string;
  /** Makes the call, with the secret of the link. */
  send: (values: V & { token: string }) => Promise<unknown>;
  /** What is so afterwards. */
  done: string;
  /** Where to go on, and what the link there says. */
  next: { to: string; label: string };
  children?: (form: Form<V>) => ReactNode;
}

/** A page that a mailed link leads to. */
export function LinkPage<V extends Record<string, unknown>>(props: LinkPageProps<V>) {
  const { title, initial, submit, send, done, next, children } = props;
  const token = useLinkToken();
  const [isDone, setDone] = useState(false);
  const form = useForm(initial, async (values) => {
    await send({ ...values, token: token ?? '' });
    setDone(true);
  });
  return (
    <Page title={title}>
      {isDone && (
        <Text role="status">
          {done}{' '}
          <Anchor component={Link} to={next.to} underline="always">
            {next.label}
          </Anchor>
        </Text>
      )}
      {!isDone && token === undefined && (
        <Text role="alert">This link is incomplete. Open it again, whole, from where you got it.</Text>
      )}
      {!isDone && token !== undefined && (
        <FormBox form={form} submit={submit}>
          {children?.(form)}
        </FormBox>
      )}
    </Page>
  );
}
