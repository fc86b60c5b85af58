/** Where PostgreSQL's own log goes: a file, or the callback of whoever started it. */
import type { ChildProcess } from 'node:child_process';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** In bytes; a larger log is set aside as postgres.log.1 when the next server starts. */
const largestLog = 10_000_000;

export interface ServerLog {
  /** What `spawn` takes for the server's standard error. */
  target: number | 'pipe';
  /** Reads the server's standard error, if it comes to us. */
  follow(child: ChildProcess): void;
  /** Why the server gave up, in its own words, as far as it has been read. */
  findReason(): Promise<string>;
  /** Releases the file; the server keeps its own handle on it. */
  close(): Promise<void>;
}

/**
 * Opens the log. A file is written by PostgreSQL itself, without this process in between, so it also tells
 * how the server ended after this process was killed.
 */
export async function openServerLog(dataDir: string, log?: (line: string) => void): Promise<ServerLog> {
  return log ? relayLines(log) : await openFile(join(dataDir, 'postgres.log'));
}

function relayLines(log: (line: string) => void): ServerLog {
  const recent: string[] = [];
  return {
    target: 'pipe',
    follow(child) {
      if (!child.stderr) return;
      createInterface({ input: child.stderr }).on('line', (line) => {
        recent.push(line);
        if (recent.length > 20) recent.shift();
        log(line);
      });
    },
    findReason: async () => pickReason(recent),
    close: async () => {},
  };
}

async function openFile(path: string): Promise<ServerLog> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestLog) await rename(path, `${path}.1`);
  const file = await open(path, 'a+', 0o600);
  const { size: start } = await file.stat();
  return {
    target: file.fd,
    follow() {},
    findReason: async () => pickReason(await readLines(file, start)),
    close: () => file.close(),
  };
}

async function readLines(file: FileHandle, start: number): Promise<string[]> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(64_000), 0, 64_000, start);
  return buffer.toString('utf8', 0, bytesRead).trim().split('\n');
}

function pickReason(lines: string[]): string {
  const fatal = lines.findLast((line) => /\b(FATAL|PANIC):/.test(line));
  return (fatal ?? lines.at(-1) ?? '').replace(/^.*\b(FATAL|PANIC):\s+/, '') || 'it ended without a word';
}
