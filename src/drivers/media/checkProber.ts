import { ProgramFailure, runProgram } from '../process/runProgram.ts';

let checked: Promise<string | null> | undefined;

async function readVersion(): Promise<string | null> {
  try {
    const { stdout, code } = await runProgram({ command: 'ffprobe', args: ['-version'], timeoutMs: 10_000 });
    return code === 0 ? (/^ffprobe version (\S+)/.exec(stdout)?.[1] ?? 'unknown') : null;
  } catch (error) {
    if (error instanceof ProgramFailure) return null;
    throw error;
  }
}

/** The version of the installed ffprobe; null when there is none, which is asked anew the next time. */
export function checkProber(): Promise<string | null> {
  checked ??= readVersion().then((version) => {
    if (version === null) checked = undefined;
    return version;
  });
  return checked;
}
