import { Alert, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { Outlet, useMatches } from '@tanstack/react-router';
import { Page } from '../kit/Page.tsx';
import { useRights } from '../kit/useRight.ts';
import { routes } from '../routes.tsx';

/** The page, for as long as the reader may use it: when the right goes, so does the page, and it comes back with it. */
export function GuardedOutlet({
  frame,
  projectId,
}: {
  frame: 'app' | 'admin' | 'project';
  projectId?: string;
}) {
  const { isKnown, may } = useRights(projectId);
  const matches = useMatches();
  const path: string | undefined = matches.at(-1)?.fullPath;
  const route = routes.find((candidate) => candidate.path === path && candidate.frame === frame);
  const entry = route?.nav ?? route?.tab;
  const needs = route?.needs ?? entry?.needs;
  if (!isKnown || needs === undefined || may(needs)) return <Outlet />;
  return (
    <Page title="You may not use this page">
      <Alert
        color="yellow"
        variant="light"
        icon={<IconLock aria-hidden />}
        title="It needs a right that you do not have"
      >
        <Text size="sm">
          Its name is {[needs].flat().join(' or ')}. Ask an administrator for it: the page appears here as
          soon as you have it.
        </Text>
      </Alert>
    </Page>
  );
}
