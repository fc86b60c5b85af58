import { ActionIcon, Badge, Group, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { memo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { client } from '../api.ts';
import { ConfirmButton } from '../kit/ConfirmButton.tsx';
import { Markdown } from '../kit/Markdown.tsx';
import { PersonAvatar } from '../kit/Person.tsx';
import { Time } from '../kit/Time.tsx';
import { useAccount } from '../kit/useAccount.ts';
import { useRights } from '../kit/useRight.ts';
import { Composer } from './Composer.tsx';
import { Reactions } from './Reactions.tsx';
import { excerptOf } from './excerptOf.ts';
import type { CommentView } from './useThread.ts';

/** A comment: who, when, what, and what one may do with it. */
export const CommentItem = memo(function CommentItem({
  projectId,
  comment,
}: {
  projectId: string;
  comment: CommentView;
}) {
  const ownId = useAccount().data?.id;
  const { may } = useRights(projectId);
  const [isEditing, setEditing] = useState(false);
  const article = useRef<HTMLElement>(null);
  const endEditing = () => {
    flushSync(() => setEditing(false));
    article.current?.querySelector('button')?.focus();
  };
  const { author, body, createdAt, editedAt, authorType, id } = comment;
  const name = author?.name ?? 'Somebody who is gone';
  const isOwn = author !== null && author.id === ownId;
  const mayEdit = isOwn && may('comments.edit');
  const mayDelete = may('comments.delete') && (isOwn || may('members.remove'));
  const excerpt = excerptOf(body);
  const edit = async (text: string) => {
    await client.comments.edit.mutate({
      projectId,
      commentId: id,
      body: text,
      mutationId: crypto.randomUUID(),
    });
    endEditing();
  };
  return (
    <article ref={article} className="comment" aria-label={`Comment by ${name}`} data-comment={id}>
      <Group gap="xs" wrap="nowrap" justify="space-between" align="start">
        <Group gap="xs">
          <PersonAvatar name={name} />
          <Text span fw={600} size="sm">
            {name}
          </Text>
          {authorType === 'AI' && (
            <Badge size="sm" variant="default" tt="none">
              AI
            </Badge>
          )}
          <Text span size="xs" c="dimmed">
            <Time at={createdAt} />
            {editedAt && ' · edited'}
          </Text>
        </Group>
        {!isEditing && (
          <Group gap={2} wrap="nowrap">
            {mayEdit && (
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label={`Edit ${excerpt}`}
                onClick={() => setEditing(true)}
              >
                <IconPencil size={16} aria-hidden />
              </ActionIcon>
            )}
            {mayDelete && (
              <ConfirmButton
                size="compact-xs"
                variant="subtle"
                color="gray"
                label={`Delete ${excerpt}`}
                consequence="It is gone for everybody, and cannot be taken back."
                onConfirm={() =>
                  client.comments.delete.mutate({
                    projectId,
                    commentId: id,
                    mutationId: crypto.randomUUID(),
                  })
                }
              >
                Delete
              </ConfirmButton>
            )}
          </Group>
        )}
      </Group>
      {isEditing ? (
        <Composer
          key={`edit:${id}`}
          projectId={projectId}
          draft={`edit:${id}`}
          initial={body}
          label="Your comment"
          submit="Save"
          onSubmit={edit}
          onCancel={endEditing}
          autoFocus
        />
      ) : (
        <>
          <Markdown source={body} />
          <Reactions projectId={projectId} comment={comment} excerpt={excerpt} />
        </>
      )}
    </article>
  );
});
