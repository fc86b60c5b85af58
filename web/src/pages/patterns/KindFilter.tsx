import { Chip, Group } from '@mantine/core';
import { formatCount } from '../../kit/numbers.tsx';
import { type FoundKind, headingOf } from '../../search/found.ts';

export interface KindFilterProps {
  kinds: readonly FoundKind[];
  /** How many of each kind there are; those without any are left out. */
  found: Partial<Record<FoundKind, number>>;
  /** null: all. */
  chosen: FoundKind | null;
  onChoose: (kind: FoundKind | null) => void;
}

/** Which kinds of what was found are shown, with how many there are. */
export function KindFilter({ kinds, found, chosen, onChoose }: KindFilterProps) {
  const there = kinds.filter((kind) => (found[kind] ?? 0) > 0);
  if (there.length < 2) return null;
  return (
    <Chip.Group value={chosen ?? 'all'} onChange={(kind) => onChoose(kind === 'all' ? null : kind)}>
      <Group gap="xs" role="group" aria-label="Which kinds">
        <Chip value="all" size="xs">
          All
        </Chip>
        {there.map((kind) => (
          <Chip key={kind} value={kind} size="xs">
            {headingOf(kind)} ({formatCount(found[kind] ?? 0)})
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
