import { Group } from '@mantine/core';
import { client, queryClient, trpc } from '../../api.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { toast } from '../../kit/toast.ts';
import type { Media } from './MediaStatus.tsx';

/** Asks for an address that gives the file for an hour, and goes there: the browser keeps what comes. */
async function download(of: { projectId: string; mediaId: string }): Promise<void> {
  const { url } = await client.media.download.query(of);
  location.assign(url);
}

export interface MediaActionsProps {
  file: Media;
  deleted?: boolean;
  may: (permission: string) => boolean;
  /** Called when it was deleted. */
  onDeleted?: () => unknown;
}

/** What can be done with a media file as it stands. */
export function MediaActions({ file, deleted = false, may, onDeleted }: MediaActionsProps) {
  const { id, projectId, name, status } = file;
  const which = { projectId, mediaId: id };
  const renew = () => queryClient.invalidateQueries({ queryKey: trpc.media.list.pathKey() });
  if (deleted)
    return may('media.restore') ? (
      <ActionButton
        label={`Restore ${name}`}
        done={`${name} is back.`}
        onAct={async () => {
          await client.media.restore.mutate(which);
          await renew();
        }}
      >
        Restore
      </ActionButton>
    ) : null;
  return (
    <Group gap="xs" wrap="nowrap">
      {status === 'ready' && may('media.download') && (
        <ActionButton label={`Download ${name}`} onAct={() => download(which)}>
          Download
        </ActionButton>
      )}
      {may('media.delete') && (
        <ConfirmButton
          size="xs"
          label={`Delete ${name}`}
          consequence="What was made from it stays. It can be restored for a while, under “Deleted”."
          onConfirm={async () => {
            await client.media.delete.mutate(which);
            await renew();
            onDeleted?.();
            toast(`${name} is deleted.`);
          }}
        >
          Delete
        </ConfirmButton>
      )}
    </Group>
  );
}
