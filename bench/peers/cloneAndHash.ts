import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { git } from '../support/repository.ts';

/**
 * What a sync is measured against: `git clone --bare`, then every file of the commit through
 * `git cat-file --batch` and SHA-256. Nothing is kept of it. @returns how many files were hashed.
 */
export async function cloneAndHash(source: string, target: string): Promise<number> {
  await git('/', 'clone', '--quiet', '--bare', source, target);
  const listing = await git(target, 'ls-tree', '-r', '-z', 'HEAD');
  const oids = listing.split('\0').flatMap((line) => line.split('\t')[0]?.split(' ')[2] ?? []);
  const cat = spawn('git', ['cat-file', '--batch', '--buffer'], {
    cwd: target,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  cat.stdin.end(`${oids.join('\n')}\n`);
  let hashed = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of cat.stdout as AsyncIterable<Buffer>) {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (;;) {
      const headEnd = bytes.indexOf(10);
      if (headEnd === -1) break;
      const size = Number(bytes.toString('latin1', bytes.lastIndexOf(32, headEnd) + 1, headEnd));
      const end = headEnd + 1 + size;
      if (bytes.length < end + 1) break;
      hash('sha256', bytes.subarray(headEnd + 1, end));
      hashed += 1;
      bytes = bytes.subarray(end + 1);
    }
    rest = bytes;
  }
  return hashed;
}
