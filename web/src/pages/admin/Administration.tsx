import { Text } from '@mantine/core';
import { Navigate } from '@tanstack/react-router';
import { Loading } from '../../kit/Loading.tsx';
import { Page } from '../../kit/Page.tsx';
import { useRights } from '../../kit/useRight.ts';
import { routes } from '../../routes.tsx';

/** Leads to the first of the administration's pages that the reader may use. */
export default function Administration() {
  const { isKnown, may } = useRights();
  if (!isKnown) return <Loading />;
  const first = routes.find(({ frame, tab }) => frame === 'admin' && tab && may(tab.needs));
  if (first) return <Navigate to={first.path} replace />;
  return (
    <Page title="Administration">
      <Text>You may use none of its pages.</Text>
    </Page>
  );
}
