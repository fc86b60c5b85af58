/** How tasks are dragged between columns, by pointer and by keyboard, and what a screen reader says of it. */
import {
  type Announcements,
  type CollisionDetection,
  KeyboardCode,
  type KeyboardCoordinateGetter,
  pointerWithin,
  rectIntersection,
} from '@dnd-kit/core';
import { type Status, type Task, statusNames, statuses, whyNot } from './statuses.tsx';

const stepOf: Record<string, number> = {
  [KeyboardCode.Right]: 1,
  [KeyboardCode.Down]: 1,
  [KeyboardCode.Left]: -1,
  [KeyboardCode.Up]: -1,
};

/** An arrow leads to the next column that takes the task. */
export const stepByColumn: KeyboardCoordinateGetter = (event, { currentCoordinates, context }) => {
  const step = stepOf[event.code];
  if (step === undefined) return undefined;
  event.preventDefault();
  const open = new Set(context.droppableContainers.getEnabled().map(({ id }) => id));
  const columns = statusNames.filter((name) => open.has(name));
  const next = columns[columns.indexOf(context.over?.id as Status) + step];
  const rect = next && context.droppableRects.get(next);
  if (!rect) return undefined;
  const y = Math.min(Math.max(currentCoordinates.y, rect.top + 8), rect.bottom - 48);
  return { x: rect.left + 8, y };
};

/** Under the pointer; moved by keyboard, under the card. */
export const findColumn: CollisionDetection = (given) =>
  given.pointerCoordinates ? pointerWithin(given) : rectIntersection(given);

export const instructions = {
  draggable:
    'Space or Enter picks the task up. The arrows move it to another column, Space or Enter puts it down, Escape leaves it where it was.',
};

const wordOf = (id: string | number) => statuses[id as Status].word;

/** Where a task can go, and why not elsewhere. */
function waysOf(task: Task): string {
  const others = statusNames.filter((status) => status !== task.status);
  const may = others.filter((status) => whyNot(task.status, status) === undefined);
  const not = others.filter((status) => !may.includes(status));
  const refused = not.map((status) => `Not to ${wordOf(status)}: ${whyNot(task.status, status)}`);
  return [`It can go to ${may.map(wordOf).join(', ')}.`, ...refused].join(' ');
}

/** What is read out. @param taskOf the task of an id */
export function announce(taskOf: (id: string | number) => Task | undefined): Announcements {
  const titleOf = (id: string | number) => `“${taskOf(id)?.title}”`;
  return {
    onDragStart({ active: { id } }) {
      const task = taskOf(id);
      return task && `Picked up ${titleOf(id)}. ${waysOf(task)}`;
    },
    onDragOver({ active: { id }, over }) {
      if (!over) return `${titleOf(id)} is over no column.`;
      const task = taskOf(id);
      const says = `${titleOf(id)} is over ${wordOf(over.id)}.`;
      // It begins over its own column: that follows the first announcement at once, and would hide it.
      return task && over.id === task.status ? `${says} ${waysOf(task)}` : says;
    },
    onDragEnd: ({ active: { id }, over }) =>
      over ? `${titleOf(id)} is put into ${wordOf(over.id)}.` : `${titleOf(id)} stays where it was.`,
    onDragCancel: ({ active: { id } }) => `${titleOf(id)} stays where it was.`,
  };
}
