/**
 * Runs before and after `npm pack` and `npm publish`. In the repository the package is its TypeScript; the
 * packed one is what was built. npm has no setting for that (`publishConfig.exports` is pnpm's), so
 * package.json takes over its `publishConfig` while it is packed, and is put back afterwards.
 */
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildClient } from './build.ts';
import { publishedManifest } from './publishedManifest.ts';

const clientDir = import.meta.dirname;
const manifest = join(clientDir, 'package.json');
const license = join(clientDir, 'LICENSE');
const dist = join(clientDir, 'dist');
const kept = join(dist, 'package.source.json');

async function restore(): Promise<void> {
  await rename(kept, manifest);
  await rm(license, { force: true });
}

const step = process.argv[2];
if (step === 'before') {
  // An interrupted run may have left the other package.json.
  await restore().catch(() => {});
  await buildClient(dist);
  await copyFile(join(clientDir, '../LICENSE'), license);
  await copyFile(manifest, kept);
  await writeFile(manifest, publishedManifest(await readFile(manifest, 'utf8')));
} else if (step === 'after') {
  await restore();
}
