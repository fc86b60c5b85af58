import { Stack } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { client } from '../../api.ts';
import { tellFailure } from '../../kit/ActionButton.tsx';
import { GroupItem, type NotificationGroup } from './GroupItem.tsx';

/** Moves the focus along the list's titles, and marks the one in which it stands as read. */
function onKey(event: KeyboardEvent<HTMLElement>, groups: readonly NotificationGroup[]): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const titles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-title]')];
  const item = event.target instanceof Element ? event.target.closest('li') : null;
  const at = titles.findIndex((title) => item?.contains(title));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined && at !== -1) {
    event.preventDefault();
    titles[at + step]?.focus();
  } else if (event.key.toLowerCase() === 'e') {
    const group = groups[at];
    if (group && group.unread > 0)
      client.notifications.markRead.mutate({ subject: group.subject }).catch(tellFailure);
  }
}

/** Everything that one was told of, one item for each subject. */
export const Groups = ({ groups }: { groups: readonly NotificationGroup[] }) => (
  <Stack
    component="ul"
    gap="xs"
    p={0}
    m={0}
    style={{ listStyle: 'none' }}
    aria-label="Notifications"
    onKeyDown={(event) => onKey(event, groups)}
  >
    {groups.map((group) => (
      <GroupItem key={group.subject} group={group} />
    ))}
  </Stack>
);
