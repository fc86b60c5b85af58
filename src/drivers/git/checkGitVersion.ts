import { fail } from '../../errors.ts';
import { runGit } from './gitProcess.ts';

const oldest = [2, 37] as const; // http.curloptResolve, which pins a host to its checked addresses
let checked: Promise<string> | undefined;

async function readVersion(): Promise<string> {
  const answer = await runGit({ args: ['--version'], timeoutMs: 10_000 }).catch((cause: unknown) =>
    fail('UNAVAILABLE', { reason: 'git is not installed, or not in PATH' }, { cause }),
  );
  const [version = 'unknown', major = '0', minor = '0'] = /(\d+)\.(\d+)\S*/.exec(answer) ?? [];
  const isEnough = Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
  if (!isEnough)
    fail('UNAVAILABLE', { reason: `git ${oldest.join('.')} or newer is needed, found ${version}` });
  return version;
}

/**
 * The version of the installed git, asked once per process; raises UNAVAILABLE when there is none or it is
 * older than 2.37.
 */
export function checkGitVersion(): Promise<string> {
  checked ??= readVersion().catch((error: unknown) => {
    checked = undefined;
    throw error;
  });
  return checked;
}
