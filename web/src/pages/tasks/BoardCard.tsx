import { useDraggable } from '@dnd-kit/core';
import { ActionIcon } from '@mantine/core';
import { IconGripVertical } from '@tabler/icons-react';
import { Suspense, useEffect, useRef } from 'react';
import { MenuToCome } from '../../kit/MenuToCome.tsx';
import { later } from '../../kit/later.ts';
import { Card, type CardProps } from './Card.tsx';
import type { Status } from './statuses.tsx';

/** What opens menus is large. */
const MoveMenu = later(() => import('./MoveMenu.tsx'), 'MoveMenu');

export interface BoardCardProps extends Omit<CardProps, 'handle' | 'menu'> {
  mayMove: boolean;
  onMove: (status: Status) => void;
  /** Whether it has just been moved by its menu, and so gets the focus back. */
  isMoved: boolean;
}

/** A task on the board that can be dragged: by pointer wherever it is taken, by keyboard with its handle. */
export function BoardCard({ mayMove, onMove, isMoved, ...card }: BoardCardProps) {
  const { task } = card;
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, isDragging } = useDraggable({
    id: task.id,
    disabled: !mayMove,
  });
  const item = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isMoved) item.current?.querySelector<HTMLElement>('[aria-haspopup="menu"]')?.focus();
  }, [isMoved]);
  const { onKeyDown, ...pointer } = listeners ?? {};
  return (
    <li
      ref={(node) => {
        item.current = node;
        setNodeRef(node);
      }}
      className="task-card"
      data-dragging={isDragging || undefined}
      data-critical={card.isCritical || undefined}
      data-moving={card.isMoving || undefined}
      {...pointer}
    >
      <Card
        {...card}
        handle={
          mayMove && (
            <ActionIcon
              ref={setActivatorNodeRef}
              variant="subtle"
              color="gray"
              {...attributes}
              aria-label={`Drag “${task.title}”`}
              onKeyDown={onKeyDown as never}
            >
              <IconGripVertical size={16} aria-hidden />
            </ActionIcon>
          )
        }
        menu={
          mayMove && (
            <Suspense fallback={<MenuToCome />}>
              <MoveMenu task={task} onMove={onMove} />
            </Suspense>
          )
        }
      />
    </li>
  );
}
