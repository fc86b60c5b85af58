import { client } from '../../api.ts';
import { LinkPage } from './LinkPage.tsx';
import { PersonFields, nobody } from './PersonFields.tsx';

/** Makes the first administrator, by the link that the server prints. */
export default function SetUp() {
  return (
    <LinkPage
      title="Make the first administrator"
      initial={nobody}
      submit="Make the account"
      send={(values) => client.auth.setup.mutate(values)}
      done="The administrator account is ready, and you are signed in."
      next={{ to: '/projects', label: 'Go to your projects' }}
    >
      {(form) => <PersonFields form={form} />}
    </LinkPage>
  );
}
