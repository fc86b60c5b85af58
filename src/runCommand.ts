import { explainStart } from './explainStart.ts';

/**
 * Runs a command of package.json, and says in a sentence why it failed.
 * @param run its result is the exit code; 1 when it throws, 2 when the arguments are none that it takes.
 */
export async function runCommand(run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    console.error(explainStart(error));
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    process.exitCode = code.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
  }
}
