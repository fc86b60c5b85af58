import { Text, VisuallyHidden } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronRight,
  IconFile,
  IconFileUnknown,
  IconFolder,
  IconFolderOpen,
} from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useRef, useState } from 'react';
import { linkToFile } from './places.ts';
import type { TreeRow } from './tree.ts';

export interface FileTreeProps {
  projectId: string;
  rows: readonly TreeRow[];
  isOpen: (path: string) => boolean;
  onToggle: (path: string) => void;
  /** What stands behind a name: threads and people in it, as it is seen and as it is read out. */
  noteOf: (path: string) => { threads: string; people: string };
}

const rowHeight = 30;

/** Files and folders, by the keys that trees have: arrows, Home, End, Enter. Only what is seen is in the page. */
export function FileTree({ projectId, rows, isOpen, onToggle, noteOf }: FileTreeProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const [activePath, setActivePath] = useState<string>();
  const found = rows.findIndex(({ node }) => node.path === activePath);
  const active = Math.max(found, 0);
  // It is asked anew in each render, and given to nothing that remembers it.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.node.path ?? index,
    overscan: 10,
    // The row that the tree names as active is always there.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(active, rows.length - 1)])].toSorted(
        (a, b) => a - b,
      ),
  });
  const go = (index: number) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (!row) return;
    setActivePath(row.node.path);
    virtual.scrollToIndex(rows.indexOf(row));
  };
  const press = (event: KeyboardEvent) => {
    const row = rows[active];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const { node, level } = row;
    const isExpanded = node.children !== null && isOpen(node.path);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowHeight) - 1);
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(active + 1),
      ArrowUp: () => go(active - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      PageDown: () => go(active + page),
      PageUp: () => go(active - page),
      ArrowRight: () => {
        if (isExpanded) go(active + 1);
        else if (node.children) onToggle(node.path);
      },
      ArrowLeft: () => {
        if (isExpanded) onToggle(node.path);
        else go(rows.slice(0, active).findLastIndex((above) => above.level < level));
      },
      Enter: () => {
        if (node.children) onToggle(node.path);
        else void navigate(linkToFile(projectId, { path: node.path }));
      },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };
  return (
    <div ref={scroller} className="file-tree">
      <div
        role="tree"
        aria-label="Files"
        tabIndex={0}
        aria-activedescendant={rows.length > 0 ? `row-${active}` : undefined}
        onKeyDown={press}
        style={{ height: virtual.getTotalSize(), position: 'relative' }}
      >
        {virtual.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index] as TreeRow;
          const { node, level, position, size } = row;
          const { threads, people } = noteOf(node.path);
          const isExpanded = node.children !== null && isOpen(node.path);
          const shared = {
            id: `row-${index}`,
            'aria-level': level,
            'aria-posinset': position,
            'aria-setsize': size,
            'aria-selected': index === active,
            className: 'file-row',
            style: { transform: `translateY(${start}px)`, paddingInlineStart: `${level * 1.1 - 0.6}rem` },
          } as const;
          const content = (
            <>
              {node.children ? (
                isExpanded ? (
                  <>
                    <IconChevronDown size={14} aria-hidden />
                    <IconFolderOpen size={18} stroke={1.5} aria-hidden />
                  </>
                ) : (
                  <>
                    <IconChevronRight size={14} aria-hidden />
                    <IconFolder size={18} stroke={1.5} aria-hidden />
                  </>
                )
              ) : (
                <>
                  <span style={{ inlineSize: 14 }} />
                  {node.entry?.kind === 'text' ? (
                    <IconFile size={18} stroke={1.5} aria-hidden />
                  ) : (
                    <IconFileUnknown size={18} stroke={1.5} aria-hidden />
                  )}
                </>
              )}
              <span className="file-name">{node.name}</span>
              {(threads || people) && (
                <>
                  <VisuallyHidden>, </VisuallyHidden>
                  <Text span size="xs" c="dimmed" className="file-note">
                    {[threads, people].filter(Boolean).join(', ')}
                  </Text>
                </>
              )}
            </>
          );
          return node.children ? (
            // The tree has the focus, and the keys.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={key}
              {...shared}
              role="treeitem"
              tabIndex={-1}
              aria-expanded={isExpanded}
              onClick={() => {
                setActivePath(node.path);
                onToggle(node.path);
              }}
            >
              {content}
            </div>
          ) : (
            <Link
              key={key}
              {...linkToFile(projectId, { path: node.path })}
              {...shared}
              role="treeitem"
              tabIndex={-1}
              preload={false}
              onClick={() => setActivePath(node.path)}
            >
              {content}
            </Link>
          );
        })}
      </div>
    </div>
  );
}
