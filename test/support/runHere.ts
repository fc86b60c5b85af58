/** Programs of ours, run within the test's own process: starting another costs a second, for what is loaded here already. */
import { format } from 'node:util';
import { vi } from 'vitest';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

let runs = 0;

/**
 * Runs a program such as `src/admin.ts`, which is over when its module is evaluated, with these words and this
 * environment. That it is wired to a process rightly, a test must see from a process.
 */
export async function runHere(
  program: string,
  words: readonly string[],
  environment: Record<string, string | undefined> = {},
): Promise<Ran> {
  const { argv, env, exitCode } = process;
  const ran: Ran = { code: 0, stdout: '', stderr: '' };
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((...values) => void (ran.stdout += `${format(...values)}\n`)),
    vi
      .spyOn(console, 'error')
      .mockImplementation((...values) => void (ran.stderr += `${format(...values)}\n`)),
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      ran.stdout += String(text);
      return true;
    }),
  ];
  // Each evaluation of the module is a run of the program; the modules below it are loaded once.
  runs += 1;
  const module = new URL(`../../${program}?run=${runs}`, import.meta.url).href;
  try {
    Object.assign(process, {
      argv: [process.execPath, program, ...words],
      env: { ...environment },
      exitCode: undefined,
    });
    await import(/* @vite-ignore */ module);
    ran.code = Number(process.exitCode ?? 0);
    return ran;
  } finally {
    Object.assign(process, { argv, env, exitCode });
    for (const spy of spies) spy.mockRestore();
  }
}
