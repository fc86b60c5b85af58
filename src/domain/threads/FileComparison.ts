import { splitLines } from './lines.ts';
import { mapLines } from './mapLines.ts';

/** Two versions of a file, compared once however many threads stand in it, and only when one needs it. */
export class FileComparison {
  readonly oldLines: readonly string[];
  readonly newLines: readonly string[];
  #compared: { map: Int32Array | undefined } | undefined;

  constructor(oldContent: string, newContent: string) {
    this.oldLines = splitLines(oldContent);
    this.newLines = splitLines(newContent);
  }

  /** What became of each old line: see `mapLines`. Undefined when the versions differ too much. */
  get map(): Int32Array | undefined {
    this.#compared ??= { map: mapLines(this.oldLines, this.newLines) };
    return this.#compared.map;
  }
}
