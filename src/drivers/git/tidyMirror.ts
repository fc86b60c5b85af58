import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from './gitProcess.ts';

const maxPacks = 20;

/**
 * Keeps a mirror from growing with every sync: each fetch leaves a pack, of which only the last commit is
 * still wanted. Removes what a killed fetch left behind, and from 20 packs on writes one pack with what the
 * present pin reaches. Nobody else may be reading the mirror.
 */
export async function tidyMirror(dir: string, signal: AbortSignal): Promise<void> {
  const folder = join(dir, 'objects', 'pack');
  const names = await readdir(folder).catch(() => []);
  const leftovers = names.filter((name) => name.startsWith('tmp_'));
  await Promise.all(leftovers.map((name) => rm(join(folder, name), { force: true })));
  if (names.filter((name) => name.endsWith('.pack')).length < maxPacks) return;
  await runGit({
    gitDir: dir,
    config: ['pack.window=0', 'pack.writeBitmaps=false', 'repack.writeBitmaps=false'],
    args: ['repack', '-a', '-d', '--quiet'],
    signal,
    timeoutMs: 1_800_000,
  });
}
