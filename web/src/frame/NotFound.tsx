import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Page } from '../kit/Page.tsx';

/** What is shown at an address that leads nowhere. */
export const NotFound = () => (
  <Page title="Nothing is here">
    <Text>
      The address is wrong, or what was here is gone.{' '}
      <Anchor component={Link} to="/projects" underline="always">
        Go to your projects
      </Anchor>
    </Text>
  </Page>
);
