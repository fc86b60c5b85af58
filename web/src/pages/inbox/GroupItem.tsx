import { Anchor, Group, Paper, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Outputs } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { Time } from '../../kit/Time.tsx';
import { UnreadBadge } from '../../kit/UnreadBadge.tsx';
import { placeOf } from './placeOf.ts';
import { formatCount } from '../../kit/numbers.tsx';

export type NotificationGroup = Outputs['notifications']['groups']['items'][number];

const renew = () => queryClient.invalidateQueries({ queryKey: trpc.notifications.groups.pathKey() });
const markRead = (subject: string) => client.notifications.markRead.mutate({ subject });

/** Mutes what a notification is about, or takes that back. */
function Mute({ group, name }: { group: NotificationGroup; name: string }) {
  const { subject, newest, threadState, watchLevel, project } = group;
  const { projectId } = newest;
  if (projectId === null || project === null) return null;
  const [noun, threadId = ''] = subject.split(':');
  const isThreadMuted = threadState === 'muted';
  const isProjectMuted = watchLevel === 'none';
  const setThread = async () => {
    const thread = { projectId, threadId };
    await (isThreadMuted ? client.threads.subscribe : client.threads.unsubscribe).mutate(thread);
    await renew();
  };
  const setProject = async () => {
    if (isProjectMuted) await client.watches.remove.mutate({ projectId });
    else await client.watches.set.mutate({ projectId, level: 'none' });
    await renew();
  };
  return (
    <>
      {noun === 'thread' && (
        <ActionButton
          variant="subtle"
          label={`${isThreadMuted ? 'Follow' : 'Mute'} thread “${name}”`}
          done={isThreadMuted ? 'You follow the thread again.' : 'The thread is muted; mentions still come.'}
          onAct={setThread}
        >
          {isThreadMuted ? 'Follow thread' : 'Mute thread'}
        </ActionButton>
      )}
      <ActionButton
        variant="subtle"
        label={`${isProjectMuted ? 'Unmute' : 'Mute'} project ${project.name}, at “${name}”`}
        done={
          isProjectMuted ? `${project.name} is heard again.` : 'The project is muted; mentions still come.'
        }
        onAct={setProject}
      >
        {isProjectMuted ? 'Unmute project' : 'Mute project'}
      </ActionButton>
    </>
  );
}

/** What is muted, in words. */
function mutedWord({ threadState, watchLevel }: NotificationGroup): string {
  if (threadState === 'muted') return ' · thread muted';
  return watchLevel === 'none' ? ' · project muted' : '';
}

/** All that came about one subject: the newest, how many are unread, and where it leads. */
export function GroupItem({ group }: { group: NotificationGroup }) {
  const { subject, newest, total, unread, project } = group;
  const place = placeOf(newest);
  const isUnread = unread > 0;
  // Opening it is reading it; a failure leaves it unread, which shows.
  const open = () => void (isUnread && markRead(subject).catch(() => {}));
  const title = (
    <Text span fw={isUnread ? 700 : 400} inherit>
      {newest.title}
    </Text>
  );
  return (
    <Paper component="li" withBorder p="sm" className={isUnread ? 'unread' : undefined}>
      <Group justify="space-between" wrap="nowrap" align="start">
        {place === undefined ? (
          <Text tabIndex={-1} data-title>
            {title}
          </Text>
        ) : (
          <Anchor component={Link} to={place} onClick={open} data-title c="inherit">
            {title}
          </Anchor>
        )}
        <UnreadBadge count={unread} />
      </Group>
      {newest.message && (
        <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
          {newest.message}
        </Text>
      )}
      <Group justify="space-between" gap="xs" mt={4}>
        <Text size="sm" c="dimmed">
          {project && (
            <>
              <Anchor component={Link} to={`/projects/${project.id}`} size="sm" underline="always">
                {project.name}
              </Anchor>
              {' · '}
            </>
          )}
          <Time at={newest.createdAt} />
          {total > 1 && ` · ${formatCount(total)} in all`}
          {mutedWord(group)}
        </Text>
        <Group gap={4}>
          <Mute group={group} name={newest.title} />
          {isUnread && (
            <ActionButton
              variant="subtle"
              label={`Mark as read: “${newest.title}”`}
              onAct={() => markRead(subject)}
            >
              Mark as read
            </ActionButton>
          )}
        </Group>
      </Group>
    </Paper>
  );
}
