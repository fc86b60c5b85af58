import { Badge, NavLink } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useLiveInbox } from '../kit/live/useLiveInbox.ts';
import { formatCount } from '../kit/numbers.tsx';
import { useRights } from '../kit/useRight.ts';
import { routes } from '../routes.tsx';

/** Number of unread notifications; nothing when there are none. */
function Unread() {
  const count = useLiveInbox().state?.unreadCount ?? 0;
  return count > 0 ? (
    <Badge color="blue.8" aria-label={`${formatCount(count)} unread`}>
      {formatCount(count)}
    </Badge>
  ) : null;
}

/** The main navigation: the pages that have an entry in it and that the reader may use. */
export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const { may } = useRights();
  const { pathname } = useLocation();
  return routes.map(({ path, nav }) => {
    if (!nav || !may(nav.needs)) return null;
    const isHere = pathname === path || pathname.startsWith(`${path}/`);
    return (
      <NavLink
        key={path}
        component={Link}
        to={path}
        label={nav.label}
        leftSection={<nav.icon size={18} stroke={1.5} aria-hidden />}
        rightSection={nav.badge && <Unread />}
        active={isHere}
        aria-current={isHere ? 'page' : undefined}
        onClick={onNavigate}
      />
    );
  });
}
