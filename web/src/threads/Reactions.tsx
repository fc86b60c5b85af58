import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { client, noteFailure, trpc } from '../api.ts';
import { explain } from '../kit/FailureNotice.tsx';
import { MenuToCome } from '../kit/MenuToCome.tsx';
import { later } from '../kit/later.ts';
import { formatCount } from '../kit/numbers.tsx';
import { toast } from '../kit/toast.ts';
import { useAccount } from '../kit/useAccount.ts';
import { useRights } from '../kit/useRight.ts';
import type { CommentView } from './useThread.ts';

/** What opens menus is large. */
const ReactionMenu = later(() => import('./ReactionMenu.tsx'), 'ReactionMenu');

interface ReactionsProps {
  projectId: string;
  comment: CommentView;
  /** The beginning of the comment, as its buttons name it. */
  excerpt: string;
}

/** Puts one's emoji under a comment, or takes it away; the list changes by the event of it. */
async function change(projectId: string, commentId: string, emoji: string, isOwn: boolean): Promise<void> {
  const input = { projectId, commentId, emoji, mutationId: crypto.randomUUID() };
  try {
    await (isOwn ? client.comments.unreact.mutate(input) : client.comments.react.mutate(input));
  } catch (error) {
    noteFailure(error);
    const { message, remedy } = explain(error);
    toast(`${message} ${remedy}`, 'failed');
  }
}

function Reaction({ of, actorIds, toggle }: { of: string; actorIds: string[]; toggle?: () => void }) {
  const ownId = useAccount().data?.id ?? '';
  const [isAsked, setAsked] = useState(false);
  const { data } = useQuery({
    ...trpc.actors.named.queryOptions({ actorIds: actorIds.slice(0, 20) }),
    enabled: isAsked,
  });
  const names = data?.items.map(({ name }) => name).join(', ');
  const isOwn = actorIds.includes(ownId);
  const count = formatCount(actorIds.length);
  return (
    <Button
      size="compact-xs"
      variant={isOwn ? 'light' : 'default'}
      aria-pressed={isOwn}
      aria-label={`${of} ${count}${names ? `, by ${names}` : ''}`}
      title={names}
      disabled={!toggle}
      onMouseEnter={() => setAsked(true)}
      onFocus={() => setAsked(true)}
      onClick={toggle}
    >
      {of} {count}
      {isOwn && <span aria-hidden>&nbsp;✓</span>}
    </Button>
  );
}

/** The emoji under a comment, one's own to be put and taken. */
export function Reactions({ projectId, comment, excerpt }: ReactionsProps) {
  const ownId = useAccount().data?.id ?? '';
  const { may } = useRights(projectId);
  const mayReact = may('comments.react');
  const { reactions, id } = comment;
  const toggle = (emoji: string) => {
    const actorIds = reactions.find((reaction) => reaction.emoji === emoji)?.actorIds ?? [];
    void change(projectId, id, emoji, actorIds.includes(ownId));
  };
  return (
    <Group gap={4}>
      {reactions.map(({ emoji, actorIds }) => (
        <Reaction
          key={emoji}
          of={emoji}
          actorIds={actorIds}
          {...(mayReact ? { toggle: () => toggle(emoji) } : {})}
        />
      ))}
      {mayReact && (
        <Suspense fallback={<MenuToCome size="sm" />}>
          <ReactionMenu excerpt={excerpt} onPick={toggle} />
        </Suspense>
      )}
    </Group>
  );
}
