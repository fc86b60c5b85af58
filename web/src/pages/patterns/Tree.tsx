import { ActionIcon, Group, Stack } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';

export interface TreeItem {
  id: string;
  name: string;
  parentId: string | null;
}

interface Branch<T> {
  item: T;
  below: Branch<T>[];
}

/** What stands below what; whatever has no parent here is a root. */
function grow<T extends TreeItem>(items: readonly T[]): Branch<T>[] {
  const branches = new Map(items.map((item) => [item.id, { item, below: [] as Branch<T>[] }]));
  const roots: Branch<T>[] = [];
  for (const branch of branches.values())
    (branches.get(branch.item.parentId ?? '')?.below ?? roots).push(branch);
  const order = (level: Branch<T>[]) => {
    level.sort((a, b) => a.item.name.localeCompare(b.item.name));
    for (const { below } of level) order(below);
  };
  order(roots);
  return roots;
}

interface LevelProps<T extends TreeItem> {
  branches: readonly Branch<T>[];
  label: string | undefined;
  render: (item: T) => ReactNode;
}

function Twig<T extends TreeItem>({
  branch: { item, below },
  render,
}: {
  branch: Branch<T>;
  render: (item: T) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(true);
  return (
    <li id={item.id}>
      <Group gap="xs" wrap="nowrap" align="start">
        {below.length > 0 ? (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`What is below ${item.name}`}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
          </ActionIcon>
        ) : (
          <span className="tree-gap" />
        )}
        <div style={{ flex: 1, minWidth: 0 }}>{render(item)}</div>
      </Group>
      {below.length > 0 && isOpen && <Level branches={below} label={undefined} render={render} />}
    </li>
  );
}

function Level<T extends TreeItem>({ branches, label, render }: LevelProps<T>) {
  return (
    <Stack component="ul" gap={2} className="tree" aria-label={label}>
      {branches.map((branch) => (
        <Twig key={branch.item.id} branch={branch} render={render} />
      ))}
    </Stack>
  );
}

/** Things that stand below one another, by name; each that has something below it opens and closes. */
export function Tree<T extends TreeItem>({
  items,
  label,
  children,
}: {
  items: readonly T[];
  label: string;
  children: (item: T) => ReactNode;
}) {
  return <Level branches={grow(items)} label={label} render={children} />;
}
