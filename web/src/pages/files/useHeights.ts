import { useEffect, useRef, useState } from 'react';

/**
 * Heights of elements in pixels by their `data-card`, followed as they change: give `watch` to each as its ref.
 */
export function useHeights(): {
  heights: ReadonlyMap<string, number>;
  watch: (element: HTMLElement | null) => (() => void) | undefined;
} {
  const [heights, setHeights] = useState<ReadonlyMap<string, number>>(new Map());
  const observer = useRef<ResizeObserver>(undefined);
  const [watch] = useState(() => (element: HTMLElement | null) => {
    if (!element) return undefined;
    observer.current ??= new ResizeObserver((entries) => {
      setHeights((before) => {
        const next = new Map(before);
        for (const { target } of entries) {
          const { card } = (target as HTMLElement).dataset;
          const { offsetHeight } = target as HTMLElement;
          // One that is taken out has none: what was known of it stays.
          if (card !== undefined && offsetHeight > 0) next.set(card, offsetHeight);
        }
        return next;
      });
    });
    observer.current.observe(element);
    return () => observer.current?.unobserve(element);
  });
  useEffect(() => () => observer.current?.disconnect(), []);
  return { heights, watch };
}
