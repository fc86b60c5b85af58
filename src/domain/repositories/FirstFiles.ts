import type { EntityManager } from '@mikro-orm/postgresql';
import pLimit from 'p-limit';
import type { ManifestEntry } from '../../entities/repositories/ProjectManifest.ts';
import { isSourceFile } from './Manifest.ts';
import { type FileColumns, clearSourceFiles, insertSourceFiles } from './sql/insertSourceFiles.ts';

interface Transactor {
  transact(work: (em: EntityManager) => Promise<void>): Promise<void>;
}

const filesPerTransaction = 2_500;

/**
 * Records the files of a project's first manifest while the rest of them is still read, which takes about a
 * tenth from the first sync of 10,000. Until the manifest has committed they are files of none, and the next
 * first sync begins by forgetting them.
 */
export class FirstFiles {
  readonly #job: Transactor;
  readonly #of: { projectId: string; manifestId: string };
  /** The database works on one while another is on its way. */
  readonly #inTurn = pLimit(2);
  #pending: FileColumns = { paths: [], hashes: [] };
  #sent: Promise<void>[] = [];

  constructor(job: Transactor, of: { projectId: string; manifestId: string }) {
    this.#job = job;
    this.#of = of;
  }

  /** Files come in the order of their paths; links and submodules are left out. */
  add(path: string, entry: ManifestEntry): void {
    if (!isSourceFile(entry)) return;
    this.#pending.paths.push(path);
    this.#pending.hashes.push(entry.sha256);
    if (this.#pending.paths.length === filesPerTransaction) this.#send();
  }

  /** Sends what is left. Resolves when all files are recorded; rejects when one transaction failed. */
  async finish(): Promise<void> {
    this.#send();
    await Promise.all(this.#sent);
  }

  #send(): void {
    const files = this.#pending;
    this.#pending = { paths: [], hashes: [] };
    const [first] = this.#sent;
    const recorded = this.#inTurn(async () => {
      await first;
      await this.#job.transact(async (em) => {
        if (!first) await clearSourceFiles(em, this.#of.projectId);
        await insertSourceFiles(em, this.#of, files);
      });
    });
    // `finish` tells of a failure; until then it is nobody's unhandled rejection.
    recorded.catch(() => {});
    this.#sent.push(recorded);
  }
}
