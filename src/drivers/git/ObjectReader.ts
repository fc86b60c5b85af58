import { CatFileParser, type CatFilePiece } from './catFileParser.ts';
import { GitFailure, type GitProcess } from './gitProcess.ts';

/** Gets the pieces of objects, in the order of their names; reading waits for the promise, where there is one. */
export type TakePiece = (piece: CatFilePiece) => Promise<void> | void;

/** A writer that waits for a reader who waits for it would be stuck, so git answers after so many. */
const namesPerFlush = 500;

/**
 * A git that answers with objects (`cat-file --batch-command --buffer`), one call after another. Starting git
 * takes as long as reading hundreds of them: a process is copied to be replaced.
 */
export class ObjectReader {
  /** What git must be started with. */
  static readonly args: readonly string[] = ['cat-file', '--batch-command', '--buffer'];

  readonly #git: GitProcess;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #parser = new CatFileParser();

  constructor(git: GitProcess) {
    this.#git = git;
    this.#chunks = (git.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /**
   * Reads objects by name, or by any revision without a line end (gitrevisions(7)). After an error the process
   * is of no use any more. Raises GitFailure, the signal's reason, and what `take` raises.
   */
  async read(names: readonly string[], take: TakePiece): Promise<void> {
    this.#ask(names);
    for (let answered = 0; answered < names.length;) {
      for (let piece = this.#parser.read(); piece; piece = this.#parser.read()) {
        // Awaited only when there is something to wait for: a turn of the queue per piece adds up.
        const taken = take(piece);
        if (taken) await taken;
        if (piece.kind === 'missing' || (piece.kind === 'data' && piece.last)) answered += 1;
      }
      if (answered < names.length) await this.#pushChunk();
    }
  }

  /** Ends the process, whatever it is doing. */
  async end(): Promise<void> {
    this.#git.kill(new Error('no longer wanted'));
    // It closes when its output has been read to the end, which the iterator keeps from everybody else.
    await this.#chunks.return?.();
    await this.#git.done.catch(() => {});
  }

  /** What the pipe does not take yet waits in memory: 50 bytes a name. */
  #ask(names: readonly string[]): void {
    for (let start = 0; start < names.length; start += namesPerFlush) {
      const some = names.slice(start, start + namesPerFlush);
      this.#git.stdin.write(`contents ${some.join('\ncontents ')}\nflush\n`);
    }
  }

  async #pushChunk(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (!done) return this.#parser.push(value);
    await this.#git.done;
    throw new GitFailure('git ended before it had sent every object', '');
  }
}
