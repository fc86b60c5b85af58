import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';

export interface VirtualListProps<T> {
  items: readonly T[];
  /** The list's accessible name. */
  label: string;
  keyOf: (item: T) => string;
  /** Height of an item in pixels, as far as it is known beforehand; each is measured when it is shown. */
  estimate: number;
  /** Height of the window onto it, as CSS writes it. */
  height: string;
  children: (item: T, index: number) => ReactNode;
}

/** A long list of which only what is seen is in the page. Readers are told each item's place in the whole. */
export function VirtualList<T>({ items, label, keyOf, estimate, height, children }: VirtualListProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  // It is asked anew in each render, and given to nothing that remembers it.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    getItemKey: (index) => keyOf(items[index] as T),
    overscan: 10,
  });
  return (
    // What scrolls can be reached by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} style={{ height, overflow: 'auto' }} tabIndex={0} role="region" aria-label={label}>
      <div role="list" aria-label={label} style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => (
          <div
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            role="listitem"
            aria-setsize={items.length}
            aria-posinset={index + 1}
            style={{ position: 'absolute', insetInline: 0, transform: `translateY(${start}px)` }}
          >
            {children(items[index] as T, index)}
          </div>
        ))}
      </div>
    </div>
  );
}
