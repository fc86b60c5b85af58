import { Button, Text } from '@mantine/core';
import { Page } from '../kit/Page.tsx';

/** Stands for all pages while the account is suspended. */
export const Suspended = () => (
  <main id="main" className="alone">
    <Page title="Your account is suspended">
      <Text>
        An administrator has stopped it: you can do nothing here until they let you act again. What you wrote
        is kept. Ask them why.
      </Text>
      <Button variant="default" onClick={() => location.reload()} style={{ alignSelf: 'start' }}>
        Try again
      </Button>
    </Page>
  </main>
);
