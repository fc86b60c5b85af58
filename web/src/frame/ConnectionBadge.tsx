import { Badge } from '@mantine/core';
import { IconCloudCheck, IconCloudDown, IconCloudOff, IconRefresh } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { type Standing, connection } from '../connection.ts';

/** Each has a word and a sign of its own: colour only adds to them. */
const shown = {
  connected: {
    word: 'Connected',
    color: 'green',
    Icon: IconCloudCheck,
    what: 'Changes appear as they happen.',
  },
  behind: {
    word: 'Catching up',
    color: 'yellow',
    Icon: IconCloudDown,
    what: 'Some of what is shown is older.',
  },
  reconnecting: {
    word: 'Reconnecting',
    color: 'yellow',
    Icon: IconRefresh,
    what: 'The connection is being made.',
  },
  offline: {
    word: 'Offline',
    color: 'red',
    Icon: IconCloudOff,
    what: 'The server is not reached; it is tried again.',
  },
} satisfies Record<Standing, object>;

/** How the page's connection stands, always in view; a change is read out. */
export function ConnectionBadge() {
  const standing = useSyncExternalStore(connection.subscribe, connection.get);
  const { word, color, Icon, what } = shown[standing];
  return (
    <div role="status" aria-label="Connection" data-standing={standing} style={{ display: 'flex' }}>
      <Badge
        variant="light"
        color={color}
        leftSection={<Icon size={14} aria-hidden />}
        title={what}
        tt="none"
      >
        {word}
      </Badge>
    </div>
  );
}
