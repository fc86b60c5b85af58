import { useDraggable, useDroppable } from '@dnd-kit/core';
import { ActionIcon, Code, NativeSelect, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical, IconX } from '@tabler/icons-react';
import type { PartsEditorProps } from './PartsEditor.tsx';
import type { Part } from './parts.ts';

export interface PartRowProps {
  part: Part;
  /** From 1. */
  place: number;
  of: number;
  choice: PartsEditorProps['choice'];
  onMove: (step: 1 | -1) => void;
  onChoose: (chosen: string) => void;
  onRemove: () => void;
}

/** A part of a composition while it is edited: a handle to drag it by, buttons to move it, its choice. */
export function PartRow({
  part: { key, name, identifier, choice: chosen },
  place,
  of,
  choice,
  ...on
}: PartRowProps) {
  const { setNodeRef: setDrop } = useDroppable({ id: key });
  const drag = useDraggable({ id: key });
  const { setNodeRef: setDrag, setActivatorNodeRef: setHandle, transform } = drag;
  return (
    <li ref={setDrop}>
      <div
        ref={setDrag}
        className={drag.isDragging ? 'part lifted' : 'part'}
        style={transform ? { transform: `translate(${transform.x}px, ${transform.y}px)` } : undefined}
      >
        <ActionIcon
          ref={setHandle}
          {...drag.attributes}
          {...drag.listeners}
          variant="subtle"
          color="gray"
          aria-label={`Drag ${name}`}
          style={{ cursor: 'grab', touchAction: 'none' }}
        >
          <IconGripVertical size={16} aria-hidden />
        </ActionIcon>
        <Text span c="dimmed" miw={20} ta="right">
          {place}
        </Text>
        <span className="part-name">
          <Text span fw={600}>
            {name}
          </Text>{' '}
          <Code>{identifier}</Code>
        </span>
        {choice && (
          <NativeSelect
            size="xs"
            aria-label={`${choice.label} of ${name}`}
            value={chosen}
            data={[...choice.options]}
            onChange={(event) => on.onChoose(event.currentTarget.value)}
          />
        )}
        <ActionIcon.Group>
          <ActionIcon
            variant="default"
            aria-label={`Move ${name} up`}
            disabled={place === 1}
            onClick={() => on.onMove(-1)}
          >
            <IconArrowUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={`Move ${name} down`}
            disabled={place === of}
            onClick={() => on.onMove(1)}
          >
            <IconArrowDown size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon variant="default" aria-label={`Take ${name} out`} onClick={on.onRemove}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </ActionIcon.Group>
      </div>
    </li>
  );
}
