import { type MouseEvent, memo } from 'react';
import { toPieces } from './colours.ts';
import { formatCount } from '../../kit/numbers.tsx';

export interface CodeLineProps {
  number: number;
  text: string;
  /** As `toPieces` reads it; undefined: without colours. */
  coloured: string | undefined;
  isSelected: boolean;
  /** Whether this is the line that the Tab key leads to. */
  isActive: boolean;
  threadCount: number;
  onPick: (line: number, event: MouseEvent) => void;
}

/** A line with its number, by which it is selected. */
export const CodeLine = memo(function CodeLine(props: CodeLineProps) {
  const { number, text, coloured, isSelected, isActive, threadCount, onPick } = props;
  const about =
    threadCount === 0 ? '' : `, ${formatCount(threadCount)} ${threadCount === 1 ? 'thread' : 'threads'}`;
  return (
    <div className="code-line" data-selected={isSelected || undefined} data-line={number}>
      <button
        type="button"
        className="line-number"
        tabIndex={isActive ? 0 : -1}
        aria-pressed={isSelected}
        aria-label={`Line ${number}${about}`}
        data-number={number}
        data-threads={threadCount > 0 || undefined}
        onClick={(event) => onPick(number, event)}
      >
        {number}
      </button>
      <code>
        {coloured === undefined
          ? text
          : toPieces(coloured).map((piece, index) => (
              // The pieces of a line never move.
              // oxlint-disable-next-line react/no-array-index-key
              <span key={index} className={piece.className || undefined}>
                {piece.text}
              </span>
            ))}
      </code>
    </div>
  );
});
