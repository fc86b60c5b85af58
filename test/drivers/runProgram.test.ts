import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../../src/drivers/process/runProgram.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-programs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const shell = (script: string, ...rest: string[]) => ({
  command: 'sh',
  args: ['-c', script, 'sh', ...rest],
});

/** The number that a program has written into a file, as soon as it has. */
async function readPid(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await delay(10);
  }
}

/** A killed process whose parent is gone stays until the system collects it. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}
const untilGone = (pid: number) => expect.poll(() => isRunning(pid), { timeout: 30_000 }).toBe(false);

test('a program tells what it printed and how it ended, in a bare environment', async () => {
  const script = 'echo "$HOME $COLOUR ${USER-none} $1"; echo trouble >&2; exit 3';
  const result = await runProgram({ ...shell(script, 'a b'), env: { COLOUR: 'red' }, cwd: folder });
  expect(result).toEqual({ stdout: '/nonexistent red none a b\n', stderr: 'trouble\n', code: 3 });
});

test('a program that a signal ends has the code that a shell would give it', async () => {
  expect((await runProgram(shell('kill -TERM $$'))).code).toBe(143);
});

test('a program that is not there is missing', async () => {
  const failure = { name: 'ProgramFailure', why: 'missing' };
  await expect(runProgram({ command: 'no-such-program', args: [] })).rejects.toMatchObject(failure);
  await expect(runProgram({ command: 'true', args: [], cwd: '/no/such/folder' })).rejects.toMatchObject(
    failure,
  );
});

test('an abort ends the whole group, also who does not listen to SIGTERM', async () => {
  const file = join(folder, 'aborted');
  const abort = new AbortController();
  const reason = new Error('cancelled');
  const running = runProgram({
    ...shell(`sh -c 'trap "" TERM; echo $$ > "$1"; while :; do sleep 1; done' sh "$1"`, file),
    signal: abort.signal,
  });
  const pid = await readPid(file);
  abort.abort(reason);
  await expect(running).rejects.toBe(reason);
  await untilGone(pid);
  await expect(runProgram({ ...shell('true'), signal: abort.signal })).rejects.toBe(reason);
});

test('a program that takes too long or prints too much is ended', async () => {
  await expect(runProgram({ ...shell('sleep 60'), timeoutMs: 50 })).rejects.toMatchObject({ why: 'slow' });
  const flood = { ...shell('while :; do echo 0123456789; done'), maxOutputBytes: 10_000 };
  await expect(runProgram(flood)).rejects.toMatchObject({ why: 'talkative' });
});

test('a program gets no more memory than it may have', async () => {
  const script = 'x=$(head -c 200000000 /dev/zero | tr "\\0" a); echo ${#x}';
  expect((await runProgram({ ...shell(script), memoryBytes: 100_000_000 })).stdout).not.toBe('200000000\n');
});

test('what a program leaves running ends with it', async () => {
  const file = join(folder, 'left');
  const { code } = await runProgram(shell('(echo start; exec sleep 60) & echo $! > "$1"', file));
  expect(code).toBe(0);
  await untilGone(await readPid(file));
});

test('no program outlives a worker that is killed', async () => {
  const file = join(folder, 'orphan');
  const module = fileURLToPath(new URL('../../src/drivers/process/runProgram.ts', import.meta.url));
  const program = shell('echo $$ > "$1"; exec sleep 60', file);
  const source = `import { runProgram } from ${JSON.stringify(module)}; await runProgram(${JSON.stringify(program)});`;
  const worker = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'ignore' });
  const pid = await readPid(file);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  expect(worker.signalCode).toBe('SIGKILL');
  await untilGone(pid);
});
