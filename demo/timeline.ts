import { styleText } from 'node:util';

/** Columns of the text between the name and the milliseconds. */
const width = 74;

type Style = Parameters<typeof styleText>[0];
/** Colours only where somebody looks: `styleText` leaves them out unless the output is a terminal. */
const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout });

const cut = (text: string, columns: number) =>
  text.length > columns ? `${text.slice(0, columns - 1)}…` : text;

/** `7.4 ms`, `21 ms`, `1.2 s`. */
function formatMilliseconds(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The smallest value that at least `share` of the values do not exceed (nearest rank). */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Prints who did what and when, and keeps what was measured for the summary. */
export class Timeline {
  readonly #began = performance.now();
  readonly #measured = new Map<string, number[]>();

  /** A heading. */
  part(title: string): void {
    console.log(`\n${paint('bold', title)}`);
  }

  /** `name   value` lines, aligned. */
  facts(facts: Readonly<Record<string, string>>): void {
    const longest = Math.max(...Object.keys(facts).map((name) => name.length));
    for (const [name, value] of Object.entries(facts))
      console.log(`  ${paint('dim', name.padEnd(longest))}  ${value}`);
  }

  /** One thing that somebody did or received; `milliseconds` from the mutation sent to the event received. */
  row(who: string, what: string, milliseconds?: number): void {
    const time = `${((performance.now() - this.#began) / 1000).toFixed(2)} s`.padStart(8);
    const took = milliseconds === undefined ? '' : formatMilliseconds(milliseconds).padStart(8);
    const line = `${cut(what, width).padEnd(width)} ${paint('green', took)}`;
    console.log(`${paint('dim', time)}  ${paint('cyan', who.padEnd(4))}  ${line}`.trimEnd());
  }

  /** Keeps a latency for the summary under `kind`. */
  measure(kind: string, milliseconds: number): void {
    this.#measured.set(kind, [...(this.#measured.get(kind) ?? []), milliseconds]);
  }

  /** The latencies of each kind: how many, median and longest. */
  summary(): void {
    const longest = Math.max(...[...this.#measured.keys()].map((kind) => kind.length));
    const line = (kind: string, ...cells: string[]) =>
      `  ${kind.padEnd(longest)}${cells.map((cell) => cell.padStart(9)).join('')}`;
    console.log(paint('dim', line('from mutation sent to event received', 'count', 'p50', 'max')));
    for (const [kind, values] of this.#measured) {
      const cells = [percentile(values, 0.5), Math.max(...values)].map(formatMilliseconds);
      console.log(line(kind, String(values.length), ...cells));
    }
  }
}
