/** `npm run db:lint`: squawk reads the SQL of every migration for what would stop a running release. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMigrations } from './readMigrations.ts';

const command = fileURLToPath(import.meta.resolve('squawk-cli/js/bin/squawk'));
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Up to here the migrations met no data, and have a configuration of their own; all later ones keep every rule. */
const lastWithoutData = '20261121101300';

function squawk(files: readonly string[], configuration: string): boolean {
  if (files.length === 0) return true;
  const { status, error } = spawnSync(
    process.execPath,
    [command, '--config', join(root, configuration), ...files],
    { stdio: 'inherit' },
  );
  if (error) throw error;
  return status === 0;
}

const folder = await mkdtemp(join(tmpdir(), 'tessera-lint-'));
try {
  const first: string[] = [];
  const later: string[] = [];
  for (const { name, up } of await readMigrations()) {
    const file = join(folder, `${name}.sql`);
    await writeFile(file, up.map((statement) => `${statement};\n`).join(''));
    (name.slice(0, lastWithoutData.length) <= lastWithoutData ? first : later).push(file);
  }
  const isClean = [squawk(first, '.squawk-first-release.toml'), squawk(later, '.squawk.toml')].every(Boolean);
  if (!isClean) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
