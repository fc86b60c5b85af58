import { client } from '../../api.ts';
import { LinkPage } from './LinkPage.tsx';
import { NewPassword } from './NewPassword.tsx';

/** Sets a new password, by the link that was mailed. */
export default function Reset() {
  return (
    <LinkPage
      title="Choose a new password"
      initial={{ password: '' }}
      submit="Set the password"
      send={(values) => client.auth.resetPassword.mutate(values)}
      done="Your password is changed."
      next={{ to: '/sign-in', label: 'Sign in with it' }}
    >
      {(form) => <NewPassword {...form.field('password')} />}
    </LinkPage>
  );
}
