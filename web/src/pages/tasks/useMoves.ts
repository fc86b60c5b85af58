import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Inputs, readFailure } from 'tessera-client';
import { client } from '../../api.ts';
import { tellFailure } from '../../kit/ActionButton.tsx';
import { toast } from '../../kit/toast.ts';
import { type Status, type Task, statuses } from './statuses.tsx';

/** A change of status that is shown before it is known to hold. */
interface Move {
  status: Status;
  /** The version that the server made of it; undefined while it has not answered. */
  version: number | undefined;
}

export interface Moves {
  move: (task: Task, status: Status) => void;
  /** The task as it is to be shown. */
  shown: (task: Task) => Task;
  isMoving: (task: Task) => boolean;
}

/**
 * Moves tasks at once and puts it right afterwards: the move is shown until the list knows its version, and taken back
 * when it is refused. If somebody has changed anything but the status meanwhile, both changes hold.
 */
export function useMoves(projectId: string): Moves {
  const [moves, setMoves] = useState<ReadonlyMap<string, Move>>(new Map());
  const { mutateAsync } = useMutation({
    mutationFn: (input: Inputs['tasks']['update']) => client.tasks.update.mutate(input),
    // It carries a mutationId: sent twice, it is done once.
    retry: (count, error) => !readFailure(error) && count < 5,
  });
  const put = (taskId: string, move: Move | undefined) =>
    setMoves((before) => {
      const next = new Map(before);
      if (move) next.set(taskId, move);
      else next.delete(taskId);
      return next;
    });
  const send = async (task: Task, status: Status) => {
    const change = (version: number) =>
      mutateAsync({ projectId, taskId: task.id, status, version, mutationId: crypto.randomUUID() });
    try {
      return await change(task.version);
    } catch (error) {
      if (readFailure(error)?.code !== 'VERSION_CLASH') throw error;
      const now = await client.tasks.get.query({ projectId, taskId: task.id });
      if (now.status === task.status) return change(now.version);
      toast(
        `Somebody else has just moved “${task.title}” to “${statuses[now.status].word}”. It stays there; move it again if you like.`,
        'failed',
      );
      return undefined;
    }
  };
  const isShown = (task: Task, move: Move | undefined): move is Move =>
    move !== undefined && (move.version === undefined || task.version < move.version);
  return {
    move: (task, status) => {
      put(task.id, { status, version: undefined });
      send(task, status).then(
        (moved) => put(task.id, moved && { status, version: moved.version }),
        (error: unknown) => {
          put(task.id, undefined);
          tellFailure(error);
        },
      );
    },
    shown: (task) => {
      const move = moves.get(task.id);
      return isShown(task, move) ? { ...task, status: move.status } : task;
    },
    isMoving: (task) => {
      const move = moves.get(task.id);
      return move !== undefined && move.version === undefined;
    },
  };
}
