import {
  DndContext,
  DragOverlay,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { useState } from 'react';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { useRights } from '../../kit/useRight.ts';
import { BoardCard } from './BoardCard.tsx';
import { Card } from './Card.tsx';
import { Column } from './Column.tsx';
import { announce, findColumn, instructions, stepByColumn } from './dragging.ts';
import { type Milestone, type Status, type Task, byUrgency, statusNames, whyNot } from './statuses.tsx';
import { useBoard } from './useBoard.ts';
import { useMoves } from './useMoves.ts';
import { type TaskFilter, isAmong } from './useTaskFilter.ts';
import { useCriticalPath, useWaits } from './useWaits.ts';

export interface BoardProps {
  projectId: string;
  filter: TaskFilter;
  milestones: readonly Milestone[];
}

/** The tasks by status. A task is dragged into another column, by pointer or keyboard, or moved by its menu. */
export function Board({ projectId, filter, milestones }: BoardProps) {
  const { may } = useRights(projectId);
  const board = useBoard(projectId, filter);
  const { move, shown, isMoving } = useMoves(projectId);
  const path = useCriticalPath(projectId, filter.milestone);
  const [draggedId, setDragged] = useState<string>();
  const [movedId, setMoved] = useState<string>();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: stepByColumn, scrollBehavior: 'auto' }),
  );
  const tasks = (board.tasks ?? [])
    .filter((task) => isAmong(task, filter))
    .map(shown)
    .toSorted(byUrgency);
  const waitsOf = useWaits(projectId, tasks);
  if (board.error) return <FailureNotice error={board.error} onRetry={board.retry} />;
  if (!board.tasks) return <Loading what="the tasks" />;

  const byId = new Map(tasks.map((task) => [task.id, task]));
  const dragged = draggedId === undefined ? undefined : byId.get(draggedId);
  const critical = new Set(
    path.data && path.data.tasks.length > 1 ? path.data.tasks.map(({ id }) => id) : [],
  );
  const titles = new Map(milestones.map(({ id, title }) => [id, title]));
  const cardOf = (task: Task) => ({
    task,
    waits: waitsOf(task.id),
    milestone:
      filter.milestone === undefined && task.milestoneId !== null ? titles.get(task.milestoneId) : undefined,
    isCritical: critical.has(task.id),
    isMoving: isMoving(task),
  });
  const drop = (taskId: string, status: Status | undefined) => {
    setDragged(undefined);
    const task = byId.get(taskId);
    if (task && status && status !== task.status && whyNot(task.status, status) === undefined)
      move(task, status);
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={findColumn}
      accessibility={{
        announcements: announce((id) => byId.get(String(id))),
        screenReaderInstructions: instructions,
      }}
      onDragStart={({ active }) => setDragged(String(active.id))}
      onDragCancel={() => setDragged(undefined)}
      onDragEnd={({ active, over }) => drop(String(active.id), over?.id as Status | undefined)}
    >
      <div className="board">
        {statusNames.map((status) => {
          const own = tasks.filter((task) => task.status === status);
          return (
            <Column
              key={status}
              status={status}
              count={own.length}
              pages={board.columns[status]}
              refusal={dragged && whyNot(dragged.status, status)}
            >
              {own.map((task) => (
                <BoardCard
                  key={task.id}
                  {...cardOf(task)}
                  mayMove={may('tasks.update')}
                  isMoved={movedId === task.id}
                  onMove={(to) => {
                    setMoved(task.id);
                    move(task, to);
                  }}
                />
              ))}
            </Column>
          );
        })}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div className="task-card" data-lifted inert>
            <Card {...cardOf(dragged)} />
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}
