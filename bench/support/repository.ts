import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const environment = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.org',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.org',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

/** Runs git as nobody in particular, so that the machine's settings change nothing; what is packed, and when, is ours to say. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', ['-c', 'gc.auto=0', ...args], {
    cwd: folder,
    env: environment,
    maxBuffer: 2 ** 28,
  });
  return stdout;
}

/** Text of about `bytes` bytes that looks like code, and differs from file to file; always the same for a number. */
function makeText(number: number, bytes: number): string {
  const lines: string[] = [];
  for (let length = 0, line = 0; length < bytes; line += 1) {
    const word = createHash('sha1').update(`${number} ${line}`).digest('base64url');
    lines.push(`export const value${line} = compute('${word}', ${line}); // what the line is there for`);
    length += lines.at(-1)!.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

export interface RepositoryPlan {
  files: number;
  bytesPerFile: number;
  /** Bytes of one more file, of noise. */
  largeFile?: number;
  /** As git leaves a repository of thousands of files; false: one object a file, which needs its own packing switched off. */
  isPacked: boolean;
}

/** Makes a repository with one commit in a new folder. */
export async function makeRepository(folder: string, plan: RepositoryPlan): Promise<void> {
  await mkdir(folder, { recursive: true });
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  for (let number = 0; number < plan.files; number += 1) {
    const inner = join(folder, 'src', `part${number % 100}`);
    if (number < 100) await mkdir(inner, { recursive: true });
    await writeFile(join(inner, `file${number}.ts`), makeText(number, plan.bytesPerFile));
  }
  if (plan.largeFile) {
    await using file = await open(join(folder, 'large.bin'), 'w');
    const piece = 2 ** 20;
    for (let at = 0; at < plan.largeFile; at += piece) {
      await file.write(createHash('shake256', { outputLength: piece }).update(String(at)).digest());
    }
  }
  await git(folder, '-c', 'core.compression=1', 'add', '--all');
  await git(folder, 'commit', '--quiet', '--message', 'everything');
  if (plan.isPacked) await git(folder, 'gc', '--quiet');
}
