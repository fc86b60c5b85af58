import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { MatrixCell } from './MatrixCell.tsx';
import { type CellIndex, type State, cellAt } from './cells.ts';
import type { Row } from './matrixRows.ts';
import type { Change, Matrix } from './rules.ts';
import { useGridFocus } from './useGridFocus.ts';

const rowHeight = 34;
/** Of the names of permissions, and at least of a role. */
const widths = { name: '13rem', role: '7rem' };

export interface MatrixGridProps {
  roles: Matrix['roles'];
  rows: readonly Row[];
  cells: CellIndex;
  drafted: ReadonlyMap<string, Change>;
  /** `role permission` → what the draft would make of the cell. */
  after: ReadonlyMap<string, State>;
  onToggle: (role: string, permission: string) => void;
  onGroup: (noun: string) => void;
}

/** Roles × permissions. Only the rows in view are in the page, and the one that has the focus. */
export function MatrixGrid({ roles, rows, cells, drafted, after, onToggle, onGroup }: MatrixGridProps) {
  const { grid, active, onKeyDown, onFocus } = useGridFocus({ rows: rows.length, columns: roles.length });
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => grid.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), active.row])]
        .filter((index) => index < rows.length)
        .sort((a, b) => a - b),
  });
  const columns = {
    gridTemplateColumns: `${widths.name} repeat(${roles.length}, minmax(${widths.role}, 1fr))`,
  };
  const minWidth = `calc(${widths.name} + ${roles.length} * ${widths.role})`;
  return (
    <div
      ref={grid}
      className="matrix"
      role="grid"
      tabIndex={-1}
      aria-label="Permissions by role"
      aria-rowcount={rows.length + 1}
      aria-colcount={roles.length + 1}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      <div role="rowgroup" className="matrix-head" style={{ minWidth }}>
        <div role="row" aria-rowindex={1} className="matrix-row" style={columns}>
          <span role="columnheader" aria-colindex={1} className="matrix-name">
            Permission
          </span>
          {roles.map((role, index) => (
            <span
              key={role.name}
              role="columnheader"
              aria-colindex={index + 2}
              title={role.description}
              className="matrix-role"
            >
              {role.name}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="matrix-body" style={{ minWidth, height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index] as Row;
          const place = { ...columns, transform: `translateY(${start}px)`, height: rowHeight };
          const isHere = active.row === index;
          if (row.kind === 'group')
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                className="matrix-row matrix-group"
                style={place}
              >
                <div role="gridcell" aria-colindex={1} aria-colspan={roles.length + 1}>
                  <button
                    type="button"
                    data-at={`${index}:0`}
                    tabIndex={isHere ? 0 : -1}
                    aria-expanded={row.isOpen}
                    onClick={() => onGroup(row.noun)}
                  >
                    <span aria-hidden>{row.isOpen ? '▾' : '▸'} </span>
                    {row.noun} <span className="matrix-count">({row.count})</span>
                  </button>
                </div>
              </div>
            );
          const { permission, scope, kind } = row.procedure;
          return (
            <div key={key} role="row" aria-rowindex={index + 2} className="matrix-row" style={place}>
              <span role="rowheader" aria-colindex={1} className="matrix-name" title={`${kind}, ${scope}`}>
                {permission}
              </span>
              {roles.map((role, column) => (
                <div key={role.name} role="gridcell" aria-colindex={column + 2}>
                  <MatrixCell
                    role={role.name}
                    permission={permission}
                    cell={cellAt(cells, role.name, permission)}
                    change={drafted.get(`${role.name} ${permission}`)}
                    after={after.get(`${role.name} ${permission}`)}
                    at={`${index}:${column}`}
                    isTabStop={isHere && active.column === column}
                    onToggle={() => onToggle(role.name, permission)}
                  />
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
