import { type CellView, type State, describeCell } from './cells.ts';
import type { Change } from './rules.ts';

/** A sign and a word for each state: colour only adds to them. */
const shown: Record<State, { sign: string; word: (cell: CellView) => string }> = {
  own: { sign: '✓', word: () => 'own' },
  inherited: { sign: '↑', word: ({ from }) => from },
  denied: { sign: '✕', word: () => 'denied' },
  none: { sign: '–', word: () => '' },
};

const drafted = ({ op, rule }: Change) => {
  if (op === 'remove') return 'rule goes';
  return rule.kind === 'permission' && rule.effect === 'deny' ? 'deny' : 'allow';
};

const results: Record<State, string> = {
  own: 'allowed by its own rule',
  inherited: 'allowed, inherited',
  denied: 'denied',
  none: 'not allowed',
};

export interface MatrixCellProps {
  role: string;
  permission: string;
  cell: CellView;
  change: Change | undefined;
  /** What the draft would make of it; undefined: nothing else. */
  after: State | undefined;
  /** Where it stands, for the grid's keys. */
  at: string;
  isTabStop: boolean;
  onToggle: () => void;
}

/** One permission of one role. Choosing it drafts a change, or takes the drafted one back. */
export function MatrixCell({
  role,
  permission,
  cell,
  change,
  after,
  at,
  isTabStop,
  onToggle,
}: MatrixCellProps) {
  const { sign, word } = shown[cell.state];
  const label = [
    describeCell(role, permission, cell),
    change && `drafted: ${drafted(change)}`,
    after && `then ${results[after]}`,
  ];
  return (
    <button
      type="button"
      className="matrix-cell"
      data-at={at}
      data-state={cell.state}
      data-drafted={change ? true : undefined}
      data-after={after}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={label.filter(Boolean).join('; ')}
      title={label[0]}
      onClick={onToggle}
    >
      <span aria-hidden>
        {sign} {change || after ? '' : word(cell)}
        {change && !after && drafted(change)}
        {after && <strong>→ {shown[after].sign}</strong>}
      </span>
    </button>
  );
}
