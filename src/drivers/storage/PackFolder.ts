import { statSync } from 'node:fs';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFile } from './flushFiles.ts';
import { PackIndex, type PackPlace, readTrailer, trailerBytes } from './PackIndex.ts';

/** A blob in a pack. */
export interface PackedBlob extends PackPlace {
  path: string;
}

const packEnding = '.pack';
const goneEnding = '.gone';
/** Two changes of a folder within this time may leave it the same time stamp. */
const stampMs = 50;

async function readIndex(path: string): Promise<PackIndex | null> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const trailer = Buffer.alloc(Math.min(size, trailerBytes));
  await file.read(trailer, 0, trailer.length, size - trailer.length);
  const length = readTrailer(trailer);
  if (length === null || length + trailerBytes > size) return null;
  const bytes = Buffer.alloc(length + trailerBytes);
  await file.read(bytes, 0, bytes.length, size - bytes.length);
  return PackIndex.decode(bytes);
}

/**
 * The packs of a store: files of many blobs each, which are written once and never changed. A blob that was
 * deleted is marked by an empty file beside its pack. Several processes may share the folder: each looks at
 * its time stamp before it answers.
 */
export class PackFolder {
  readonly dir: string;
  readonly #packs = new Map<string, PackIndex>();
  /** `<pack> <hash>` of deleted blobs. */
  readonly #gone = new Set<string>();
  #seenMs = 0;
  #loading: Promise<void> | undefined;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async open(dir: string): Promise<PackFolder> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const folder = new PackFolder(dir);
    await folder.refresh();
    return folder;
  }

  /** Learns what other processes, and batches of this one, have added or deleted. */
  async refresh(): Promise<void> {
    await this.#loading;
    const { mtimeMs } = statSync(this.dir);
    if (mtimeMs === this.#seenMs) return;
    this.#loading ??= this.#load(mtimeMs).finally(() => (this.#loading = undefined));
    await this.#loading;
  }

  /** As of the last refresh; null when no pack has it. */
  find(name: string): PackedBlob | null {
    for (const [pack, index] of this.#packs) {
      const place = index.find(name);
      if (place && !this.#gone.has(`${pack} ${name}`)) return { ...place, path: join(this.dir, pack) };
    }
    return null;
  }

  /** Deletes the blob from every pack that has it, durably. */
  async remove(name: string): Promise<void> {
    await this.refresh();
    const holding = [...this.#packs].filter(
      ([pack, index]) => index.find(name) && !this.#gone.has(`${pack} ${name}`),
    );
    for (const [pack] of holding) {
      await writeFile(join(this.dir, `${pack}.${name}${goneEnding}`), '', { mode: 0o600 });
      this.#gone.add(`${pack} ${name}`);
    }
    if (holding.length > 0) await flushFile(this.dir);
  }

  /** Blobs whose hash starts with this byte, as of the last refresh, each once, in order. */
  startingWith(first: number): Map<string, number> {
    const sizes = new Map<string, number>();
    for (const [pack, index] of this.#packs) {
      for (const { name, size } of index.startingWith(first))
        if (!this.#gone.has(`${pack} ${name}`)) sizes.set(name, size);
    }
    return new Map([...sizes].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  async #load(mtimeMs: number): Promise<void> {
    for (const file of await readdir(this.dir)) {
      if (file.endsWith(goneEnding)) {
        const [pack = '', name = ''] = file.slice(0, -goneEnding.length).split(`${packEnding}.`);
        this.#gone.add(`${pack}${packEnding} ${name}`);
      } else if (file.endsWith(packEnding) && !this.#packs.has(file)) {
        // One that is damaged is passed over, and what it held stored again by whoever needs it.
        const index = await readIndex(join(this.dir, file));
        if (index) this.#packs.set(file, index);
      }
    }
    this.#seenMs = Date.now() - mtimeMs > stampMs ? mtimeMs : 0;
  }
}
