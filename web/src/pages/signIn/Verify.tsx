import { client } from '../../api.ts';
import { LinkPage } from './LinkPage.tsx';

/** Confirms the address that a link was mailed to. */
export default function Verify() {
  return (
    <LinkPage
      title="Confirm your e-mail address"
      initial={{}}
      submit="Confirm"
      send={(values) => client.auth.verifyEmail.mutate(values)}
      done="Your e-mail address is confirmed."
      next={{ to: '/projects', label: 'Go to your projects' }}
    />
  );
}
