import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of object names. */
export type ObjectFormat = 'sha1' | 'sha256';

const configs: Readonly<Record<ObjectFormat, string>> = {
  sha1: '[core]\n\trepositoryformatversion = 0\n\tbare = true\n',
  sha256: '[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n',
};

export function formatOf(oid: string): ObjectFormat {
  return oid.length === 64 ? 'sha256' : 'sha1';
}

/**
 * Makes the folder an empty mirror, whatever it held: what makes a folder a repository
 * (gitrepository-layout(5)) and no more, which `git init` takes ten times as long for.
 */
export async function createMirror(dir: string, format: ObjectFormat): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(join(dir, 'objects', 'pack'), { recursive: true, mode: 0o700 });
  await mkdir(join(dir, 'refs'));
  await writeFile(join(dir, 'config'), configs[format]);
  await writeFile(join(dir, 'HEAD'), 'ref: refs/heads/main\n');
}

/** Whether the folder is a mirror whose object names are of this format, as far as can be seen without git. */
export async function hasFormat(dir: string, format: ObjectFormat): Promise<boolean> {
  try {
    const config = await readFile(join(dir, 'config'), 'utf8');
    await Promise.all(['HEAD', 'objects', 'refs'].map((name) => stat(join(dir, name))));
    return /objectformat\s*=\s*sha256/i.test(config) === (format === 'sha256');
  } catch {
    return false;
  }
}
