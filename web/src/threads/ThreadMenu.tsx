import { ActionIcon, Menu } from '@mantine/core';
import { IconBell, IconBellOff, IconDots, IconLink, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, noteFailure, queryClient, trpc } from '../api.ts';
import { explain } from '../kit/FailureNotice.tsx';
import { toast } from '../kit/toast.ts';
import { useAccount } from '../kit/useAccount.ts';
import { useRights } from '../kit/useRight.ts';
import type { ThreadView } from './useThread.ts';

/** What one seldom does with a thread: follow it or mute it, copy its address, delete it. */
export function ThreadMenu({ thread, name }: { thread: ThreadView; name: string }) {
  const { projectId, id: threadId } = thread;
  const ownId = useAccount().data?.id;
  const { may } = useRights(projectId);
  const [isOpen, setOpen] = useState(false);
  const options = trpc.threads.get.queryOptions({ projectId, threadId });
  const { data } = useQuery({ ...options, enabled: isOpen });
  const choice = data?.subscription;
  const mayDelete = may('threads.delete') && (thread.author?.id === ownId || may('members.remove'));

  const run = (work: () => Promise<unknown>, said: string) => {
    work().then(
      () => {
        toast(said);
        void queryClient.invalidateQueries({ queryKey: options.queryKey });
      },
      (error: unknown) => {
        noteFailure(error);
        const { message, remedy } = explain(error);
        toast(`${message} ${remedy}`, 'failed');
      },
    );
  };
  const one = { projectId, threadId };
  return (
    <Menu opened={isOpen} onChange={setOpen} withInitialFocusPlaceholder={false} position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`More about ${name}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {may('threads.subscribe') && choice !== 'subscribed' && (
          <Menu.Item
            leftSection={<IconBell size={16} aria-hidden />}
            onClick={() => run(() => client.threads.subscribe.mutate(one), 'You are told of each comment.')}
          >
            Follow
          </Menu.Item>
        )}
        {may('threads.unsubscribe') && choice !== 'muted' && (
          <Menu.Item
            leftSection={<IconBellOff size={16} aria-hidden />}
            onClick={() =>
              run(() => client.threads.unsubscribe.mutate(one), 'You are told nothing more of it.')
            }
          >
            Mute
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconLink size={16} aria-hidden />}
          onClick={() =>
            run(
              () =>
                navigator.clipboard.writeText(`${location.origin}/projects/${projectId}/threads/${threadId}`),
              'Copied the address.',
            )
          }
        >
          Copy the address
        </Menu.Item>
        {mayDelete && (
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() =>
              run(() => client.threads.delete.mutate(one), 'The thread is deleted. It can be restored.')
            }
          >
            Delete the thread
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
