import { Button, Group, Text } from '@mantine/core';
import { IconMessagePlus } from '@tabler/icons-react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { CodeLine } from './CodeLine.tsx';
import { type Lines, nameLines } from './places.ts';
import { arrangeCards } from './arrangeCards.ts';
import { useColours } from './useColours.ts';
import { useHeights } from './useHeights.ts';
import type { Selection } from './useSelection.ts';

/** What stands beside a line: a thread, or the field to open one. */
export interface Beside {
  key: string;
  /** The first of its lines, beside which it stands. */
  from: number;
  /** The last of them, below which it stands where there is no room beside. */
  line: number;
  /** Whether it is a thread, which its line counts. */
  isThread: boolean;
  content: ReactNode;
}

export interface CodeViewProps {
  path: string;
  text: string;
  selection: Selection;
  /** In the order of their first lines. */
  beside: readonly Beside[];
  /** The one that stands at its line whatever the others need. */
  openKey: string | undefined;
  /** Whether there is room beside the lines. */
  isWide: boolean;
  /** Opens the field for a thread on the lines; undefined: one may not. */
  onComment: ((lines: Lines) => void) | undefined;
}

const lineHeight = 20;
/** Pixels, until a card was measured. */
const cardEstimate = 140;
/** Cards so many pixels outside of what is seen are in the page already. */
const margin = 600;

type Row = { key: string; line: number } | { key: string; card: Beside };

/** The widest line in characters; a tab counts as four, a wide character as two. */
function widthOf(lines: readonly string[]): number {
  let widest = 0;
  for (const line of lines) {
    if (line.length * 2 <= widest) continue;
    let width = 0;
    for (const character of line) width += character === '\t' ? 4 : character > '\u10FF' ? 2 : 1;
    widest = Math.max(widest, width);
  }
  return widest;
}

/** Lines of code with what is said about them beside, or below, them. Only what is seen is in the page. */
export function CodeView(props: CodeViewProps) {
  const { path, text, selection, beside, openKey, isWide, onComment } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n'), [text]);
  const columns = useMemo(() => widthOf(lines), [lines]);
  const coloured = useColours(path, text);
  const { heights, watch } = useHeights();
  const cardsOf = useMemo(() => Map.groupBy(beside, ({ line }) => line), [beside]);
  const { rows, rowOfLine } = useMemo(() => {
    const all: Row[] = [];
    const places: number[] = [];
    for (let line = 1; line <= lines.length; line += 1) {
      places[line] = all.length;
      all.push({ key: `line ${line}`, line });
      if (!isWide) for (const card of cardsOf.get(line) ?? []) all.push({ key: card.key, card });
    }
    return { rows: all, rowOfLine: places };
  }, [lines.length, isWide, cardsOf]);
  const activeRow = rowOfLine[Math.min(selection.active, lines.length)] ?? 0;

  // It is asked anew in each render, and given to nothing that remembers it.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index] && 'card' in rows[index] ? cardEstimate : lineHeight),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 20,
    // The line that has the keys stays in the page, and so keeps the focus.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), activeRow])].toSorted((a, b) => a - b),
  });

  const openLine = beside.find(({ key }) => key === openKey)?.from;
  const wanted = openLine ?? selection.lines?.start;
  const goTo = useRef<number>(undefined);
  useEffect(() => {
    // Once for each place that the address names: to scroll on is the reader's own business.
    const target = openKey === undefined ? 0 : (openLine ?? 0);
    const place = target > 0 ? target : (wanted ?? 0);
    if (place === 0 || goTo.current === place) return;
    const isNear = scroller.current && isSeen(scroller.current, (place - 1) * lineHeight);
    goTo.current = place;
    if (!isNear) virtual.scrollToIndex(rowOfLine[Math.min(place, lines.length)] ?? 0, { align: 'center' });
    // oxlint-disable-next-line react/exhaustive-deps
  }, [openKey, openLine, wanted, lines.length]);

  const focusLine = (line: number) => {
    virtual.scrollToIndex(rowOfLine[line] ?? 0);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-number="${line}"]`)?.focus({ preventScroll: true }),
    );
  };
  const press = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset['number'] === undefined) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { active } = selection;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / lineHeight) - 2);
    const targets: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 1,
      End: lines.length,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      const line = Math.max(1, Math.min(target, lines.length));
      if (event.shiftKey) selection.extendTo(line);
      else selection.moveTo(line);
      focusLine(line);
    } else if (event.key === ' ') selection.select(active);
    else if (event.key === 'Escape') selection.clear();
    else if (event.key === 'Enter' && onComment) {
      const isInside = selection.lines && active >= selection.lines.start && active <= selection.lines.end;
      const chosen = isInside && selection.lines ? selection.lines : { start: active, end: active };
      if (!isInside) selection.select(active);
      onComment(chosen);
    } else return;
    event.preventDefault();
  };
  const pick = (line: number, event: MouseEvent) => {
    if (event.shiftKey) selection.extendTo(line);
    else selection.select(line);
  };

  const shown = virtual.getVirtualItems();
  const seen = shown.filter(({ index }) => index !== activeRow || shown.length === 1);
  const from = (seen[0]?.start ?? 0) - margin;
  const to = (seen.at(-1)?.end ?? 0) + margin;
  const cards = beside.map(({ key, from: first, content }) => ({
    key,
    content,
    wanted: (Math.min(first, lines.length) - 1) * lineHeight,
    height: heights.get(key) ?? cardEstimate,
  }));
  const tops = isWide ? arrangeCards(cards, openKey) : new Map<string, number>();
  const bottom = Math.max(0, ...cards.map(({ key, height }) => (tops.get(key) ?? 0) + height + 16));
  const height = Math.max(virtual.getTotalSize(), isWide ? bottom : 0);
  const marked = selection.lines;
  const digits = String(lines.length).length;
  return (
    <div className="code-frame" data-wide={isWide || undefined}>
      <Group justify="space-between" className="code-bar" gap="xs">
        <Text size="sm" role="status">
          {marked
            ? `${nameLines(marked)[0]?.toUpperCase()}${nameLines(marked).slice(1)} chosen`
            : onComment
              ? 'Choose lines by their numbers to comment on them.'
              : ''}
        </Text>
        {marked && (
          <Group gap="xs">
            {onComment && (
              <Button
                size="compact-sm"
                leftSection={<IconMessagePlus size={16} aria-hidden />}
                onClick={() => onComment(marked)}
              >
                Comment on {nameLines(marked)}
              </Button>
            )}
            <Button size="compact-sm" variant="default" onClick={selection.clear}>
              Clear
            </Button>
          </Group>
        )}
      </Group>
      {/* The keys are those of the line numbers in it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div ref={scroller} className="code-scroller" role="region" aria-label={path} onKeyDown={press}>
        <div
          className="code-canvas"
          style={{ height, minWidth: `calc(${columns + digits + 5}ch${isWide ? ' + 25rem' : ''})` }}
        >
          <div className="code-lines" style={{ ['--digits' as string]: `${digits}ch` }}>
            {shown.map(({ index, key, start }) => {
              const row = rows[index];
              if (!row) return null;
              const style = { transform: `translateY(${start}px)` };
              if ('card' in row)
                return (
                  <div
                    key={key}
                    ref={virtual.measureElement}
                    data-index={index}
                    className="code-row code-below"
                    style={style}
                  >
                    {row.card.content}
                  </div>
                );
              const { line } = row;
              return (
                <div key={key} className="code-row" style={style}>
                  <CodeLine
                    number={line}
                    text={lines[line - 1] ?? ''}
                    coloured={coloured?.[line - 1]}
                    isSelected={marked !== null && line >= marked.start && line <= marked.end}
                    isActive={index === activeRow}
                    threadCount={(cardsOf.get(line) ?? []).filter(({ isThread }) => isThread).length}
                    onPick={pick}
                  />
                </div>
              );
            })}
          </div>
          {isWide && (
            <div className="code-margin">
              {cards.map(({ key, height: cardHeight, content }) => {
                const top = tops.get(key) ?? 0;
                if (key !== openKey && (top + cardHeight < from || top > to)) return null;
                return (
                  <div key={key} ref={watch} data-card={key} className="code-beside" style={{ top }}>
                    {content}
                  </div>
                );
              })}
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

const isSeen = ({ scrollTop, clientHeight }: HTMLElement, offset: number) =>
  offset >= scrollTop && offset <= scrollTop + clientHeight - lineHeight;
