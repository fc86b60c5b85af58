import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';

export interface At {
  row: number;
  column: number;
}

const pageRows = 10;

function move(
  key: string,
  { row, column }: At,
  { rows, columns }: { rows: number; columns: number },
  isFar: boolean,
) {
  const steps: Record<string, At> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    Home: { row: isFar ? 0 : row, column: 0 },
    End: { row: isFar ? rows - 1 : row, column: columns - 1 },
    PageUp: { row: row - pageRows, column },
    PageDown: { row: row + pageRows, column },
  };
  const to = steps[key];
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  return to && { row: within(to.row, rows), column: within(to.column, columns) };
}

/**
 * The one cell of a grid that is in the tab order, and the keys that move it (WAI-ARIA's pattern for grids): arrows,
 * Home, End, Page Up and Page Down. A cell says where it stands by `data-at="row:column"`.
 */
export function useGridFocus(size: { rows: number; columns: number }): {
  grid: RefObject<HTMLDivElement | null>;
  active: At;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: (event: { target: EventTarget }) => void;
} {
  const grid = useRef<HTMLDivElement>(null);
  const isMoving = useRef(false);
  const [chosen, setActive] = useState<At>({ row: 0, column: 0 });
  const active = {
    row: Math.max(0, Math.min(chosen.row, size.rows - 1)),
    column: Math.max(0, Math.min(chosen.column, size.columns - 1)),
  };
  useEffect(() => {
    if (!isMoving.current) return;
    isMoving.current = false;
    const row = `[data-at^="${active.row}:"]`;
    const cell = grid.current?.querySelector<HTMLElement>(`[data-at="${active.row}:${active.column}"]`);
    (cell ?? grid.current?.querySelector<HTMLElement>(row))?.focus();
  }, [active.row, active.column]);
  return {
    grid,
    active,
    onKeyDown: (event) => {
      const to = move(event.key, active, size, event.ctrlKey);
      if (!to) return;
      event.preventDefault();
      isMoving.current = true;
      setActive(to);
    },
    onFocus: ({ target }) => {
      const [row, column] = (target as HTMLElement).dataset['at']?.split(':').map(Number) ?? [];
      if (row !== undefined && column !== undefined && column >= 0) setActive({ row, column });
    },
  };
}
