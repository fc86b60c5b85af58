import { Anchor, AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { readFailure } from 'tessera-client';
import { failureOf } from '../kit/failureOf.ts';
import { FailureNotice } from '../kit/FailureNotice.tsx';
import { Loading } from '../kit/Loading.tsx';
import { useLiveInbox } from '../kit/live/useLiveInbox.ts';
import { useLiveRights } from '../kit/live/useLiveRights.ts';
import { PersonAvatar } from '../kit/Person.tsx';
import { useAccount } from '../kit/useAccount.ts';
import { SearchButton } from '../search/SearchButton.tsx';
import { ConnectionBadge } from './ConnectionBadge.tsx';
import { GuardedOutlet } from './GuardedOutlet.tsx';
import { Navigation } from './Navigation.tsx';
import { Suspended } from './Suspended.tsx';

/** It comes a moment after the frame: what opens menus is large. */
const AccountMenu = lazy(() => import('./AccountMenu.tsx'));
/** It sends what an earlier page could not. */
const UnsentBadge = lazy(() => import('../threads/UnsentBadge.tsx'));

/** Around every page that needs a session: header, navigation, and the page. */
export function AppFrame() {
  const [isOpen, { toggle, close }] = useDisclosure();
  const account = useAccount();
  const rights = useLiveRights();
  const isSuspended = [account.error, rights.error].some(
    (error) => readFailure(error)?.code === 'ACCOUNT_SUSPENDED',
  );
  if (isSuspended) return <Suspended />;
  const failure = failureOf(account);
  if (failure) return <FailureNotice error={failure} onRetry={() => account.refetch()} />;
  if (!account.data) return <Loading what="your account" />;
  return (
    <>
      <a href="#main" className="skip-link">
        Skip to the page
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding="md"
      >
        <AppShell.Header>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label="Navigation"
                aria-expanded={isOpen}
              />
              <Anchor component={Link} to="/projects" c="inherit" underline="never">
                <Text span fw={700}>
                  Tessera
                </Text>
              </Anchor>
            </Group>
            <Group gap="sm" wrap="nowrap">
              <Suspense>
                <UnsentBadge />
              </Suspense>
              <SearchButton />
              <ConnectionBadge />
              <Suspense fallback={<PersonAvatar name={account.data.name} size="md" />}>
                <AccountMenu />
              </Suspense>
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label="Main">
          <Navigation onNavigate={close} />
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1}>
          <GuardedOutlet frame="app" />
        </AppShell.Main>
      </AppShell>
      <Watch />
    </>
  );
}

/** Holds the inbox open on every page: the connection's state is true because something always uses it. */
function Watch() {
  useLiveInbox();
  return null;
}
