import type { RepositorySource } from './checkRepositoryUrl.ts';
import type { GitCommand } from './gitProcess.ts';

export interface RemoteOptions {
  source: RepositorySource;
  /** File in git-credential-store(1) format, one `https://user:password@host` a line. It is only read. */
  credentialsFile?: string;
  /** PEM file of certificate authorities that are trusted besides the machine's own. */
  caFile?: string;
}

/** What a git call that reaches a repository needs: the address, and how to get there. */
export interface RemoteAccess {
  protocol: NonNullable<GitCommand['protocol']>;
  config: string[];
  /** Options of `ls-remote` and `fetch` that come before `--`. */
  flags: string[];
  address: string;
}

// Runs in the source repository, whose own settings git reads there. This process may belong to another
// user than the repository (hence safe.directory: REPOSITORY_PATHS has decided that); a partial clone must
// not start a fetch of its own, which would run commands that its settings name (hence no protocol at all,
// CVE-2024-32004); --strict keeps git from trying `<folder>.git` and other neighbours. No search for deltas
// and no compression: from 10,000 loose objects that takes 1.3 s instead of 4.8 s.
const uploadPack = [
  'GIT_ALLOW_PROTOCOL=none git',
  ...[
    "safe.directory='*'",
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    'core.bigFileThreshold=4m',
    'core.packedGitWindowSize=16m',
    'core.packedGitLimit=128m',
    'pack.window=0',
    'pack.compression=0',
  ].map((setting) => `-c ${setting}`),
  'upload-pack --strict',
].join(' ');

function quoteShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A helper that only answers `get`. The plain `store` helper would also obey `erase`: one refused login,
 * which any tenant can bring about, would delete the operator's password from the file.
 */
function makeCredentialHelper(file: string): string {
  const ask = `exec git credential-store --file=${quoteShell(file)} get`;
  return `credential.helper=!f() { test "$1" = get && ${ask}; }; f`;
}

function makeResolvePin(host: string, port: number, addresses: readonly string[]): string[] {
  if (host.startsWith('[') || addresses.includes(host)) return [];
  const list = addresses.map((address) => (address.includes(':') ? `[${address}]` : address)).join(',');
  return [`http.curloptResolve=${host}:${port}:${list}`];
}

/** Prepares the options with which git reaches `source`, and nothing else. */
export function prepareRemoteAccess({ source, credentialsFile, caFile }: RemoteOptions): RemoteAccess {
  if (source.kind === 'path') {
    return { protocol: 'file', config: [], flags: [`--upload-pack=${uploadPack}`], address: source.gitDir };
  }
  const config = [
    'http.followRedirects=false',
    'http.lowSpeedLimit=1000',
    'http.lowSpeedTime=60',
    ...makeResolvePin(source.host, source.port, source.addresses),
    ...(caFile === undefined ? [] : [`http.sslCAInfo=${caFile}`]),
    ...(credentialsFile === undefined ? [] : [makeCredentialHelper(credentialsFile)]),
  ];
  return { protocol: 'https', config, flags: [], address: source.url };
}
