import type { Report } from './runChaos.ts';

function renderRow(cells: string[], widths: number[]): string {
  const padded = cells.map((cell, index) =>
    index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0),
  );
  return `| ${padded.join(' | ')} |\n`;
}

/** The report as a table, its figures below, and the verdict last. */
export function renderReport({ bus, outcomes, broken, figures }: Report): string {
  const header = [
    `fault (bus over ${bus})`,
    'times',
    'longest without an answer',
    'longest silence at a watcher',
  ];
  const rows = outcomes.map(({ fault, times, unanswered, silent }) => [
    fault,
    String(times),
    `${unanswered.toFixed(1)} s`,
    `${silent.toFixed(1)} s`,
  ]);
  const widths = header.map((_, index) =>
    Math.max(...[header, ...rows].map((row) => row[index]?.length ?? 0)),
  );
  const rule = widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const table = [header, rule, ...rows].map((row) => renderRow(row, widths)).join('');
  const lines = Object.entries(figures).map(([name, value]) => `${name}: ${value}\n`);
  const verdict =
    broken.length === 0
      ? 'Every promise was kept: no acknowledged comment lost, no event lost, doubled or out of order, every job over.\n'
      : `${broken.length} promises were broken:\n${broken.map((line) => `  ${line}\n`).join('')}`;
  return `${table}\n${lines.join('')}\n${verdict}`;
}
