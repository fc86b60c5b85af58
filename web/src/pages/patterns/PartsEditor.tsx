import {
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  type KeyboardCoordinateGetter,
  PointerSensor,
  closestCenter,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { Empty } from '../../kit/Empty.tsx';
import type { Found, FoundKind } from '../../search/found.ts';
import { SearchBox } from '../../search/SearchBox.tsx';
import { PartRow } from './PartRow.tsx';
import { type Part, movePart } from './parts.ts';

export interface PartsEditorProps {
  projectId: string;
  /** The list's accessible name: “Fields of Person”. */
  label: string;
  parts: readonly Part[];
  onChange: (parts: readonly Part[]) => void;
  /** What is chosen for each part, such as its cardinality. */
  choice?: { label: string; options: readonly { value: string; label: string }[]; initial: string };
  /** What can be added, and what its search is called. */
  kind: FoundKind;
  addLabel: string;
  /** Whether a part may be in it more than once. */
  isRepeatable?: boolean;
}

/** Whole places at a time: an arrow key takes what is lifted to where the neighbour stands. */
const toNeighbour: KeyboardCoordinateGetter = (event, { context: { active, over, droppableRects } }) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  if (step === undefined || !active) return undefined;
  event.preventDefault();
  const rects = [...droppableRects].toSorted(([, a], [, b]) => a.top - b.top);
  const at = rects.findIndex(([id]) => id === (over?.id ?? active.id));
  const next = rects[at + step]?.[1];
  return next && { x: next.left, y: next.top };
};

/** Composes a list: add by a search, order by dragging, by keys or by buttons, choose, take out. */
export function PartsEditor({
  projectId,
  label,
  parts,
  onChange,
  choice,
  kind,
  addLabel,
  isRepeatable,
}: PartsEditorProps) {
  const [said, setSaid] = useState('');
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: toNeighbour }),
  );
  const nameOf = (key: unknown) => parts.find((part) => part.key === key)?.name ?? '';
  const placeOf = (key: unknown) => parts.findIndex((part) => part.key === key) + 1;
  const move = (from: number, to: number) => {
    if (from === to || to < 0 || to >= parts.length) return;
    setSaid(`${parts[from]?.name} is number ${to + 1} of ${parts.length} now.`);
    onChange(movePart(parts, from, to));
  };
  const drop = ({ active, over }: DragEndEvent) => {
    if (over) move(placeOf(active.id) - 1, placeOf(over.id) - 1);
  };
  const add = ({ id, name, identifier }: Found) => {
    const made = {
      key: crypto.randomUUID(),
      id,
      name,
      identifier: identifier ?? '',
      choice: choice?.initial ?? '',
    };
    onChange([...parts, made]);
    setSaid(`${name} is added as number ${parts.length + 1}.`);
  };
  return (
    <>
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={drop}
        accessibility={{
          screenReaderInstructions: {
            draggable:
              'Press Space to lift it, the arrow keys to move it, Space again to put it down, Escape to leave it.',
          },
          announcements: {
            onDragStart: ({ active }) => `${nameOf(active.id)} is lifted.`,
            onDragOver: ({ over }) =>
              over ? `At number ${placeOf(over.id)} of ${parts.length}.` : undefined,
            onDragEnd: ({ active, over }) =>
              over ? `${nameOf(active.id)} is put down as number ${placeOf(over.id)}.` : '',
            onDragCancel: ({ active }) => `${nameOf(active.id)} stays where it was.`,
          },
        }}
      >
        <ol className="parts" aria-label={label}>
          {parts.map((part, index) => (
            <PartRow
              key={part.key}
              part={part}
              place={index + 1}
              of={parts.length}
              choice={choice}
              onMove={(step) => move(index, index + step)}
              onChoose={(chosen) =>
                onChange(
                  parts.map((other) => (other.key === part.key ? { ...other, choice: chosen } : other)),
                )
              }
              onRemove={() => {
                setSaid(`${part.name} is taken out.`);
                onChange(parts.filter((other) => other.key !== part.key));
              }}
            />
          ))}
        </ol>
      </DndContext>
      {parts.length === 0 && <Empty message="Nothing is in it yet. Find what to add below." />}
      <SearchBox
        label={addLabel}
        description="By name, identifier or text"
        projectId={projectId}
        kinds={[kind]}
        keepsOpen
        refuse={({ id }) =>
          !isRepeatable && parts.some((part) => part.id === id) ? 'is in it already' : undefined
        }
        onPick={add}
      />
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}
