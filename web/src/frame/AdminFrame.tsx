import { Stack } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useRights } from '../kit/useRight.ts';
import { routes } from '../routes.tsx';
import { GuardedOutlet } from './GuardedOutlet.tsx';

/** Around the pages for administrators: a tab for each that the reader may use. */
export function AdminFrame() {
  const { may } = useRights();
  const { pathname } = useLocation();
  return (
    <Stack gap="md">
      <nav aria-label="Administration" className="tabs">
        {routes.map(({ path, frame, tab }) => {
          if (frame !== 'admin' || !tab || !may(tab.needs)) return null;
          const isHere = pathname === path || pathname.startsWith(`${path}/`);
          return (
            <Link key={path} to={path} aria-current={isHere ? 'page' : undefined}>
              {tab.label}
            </Link>
          );
        })}
      </nav>
      <GuardedOutlet frame="admin" />
    </Stack>
  );
}
