import { fail } from '../../errors.ts';
import { GitFailure } from './gitProcess.ts';

export interface FailureContext {
  /** Shown to the user; holds no credentials. */
  url: string;
  ref: string;
}

const absent =
  /repository '.*' not found|does not appear to be a git repository|not a git repository: '\/dev\/null'/i;
const needsCredentials =
  /could not read (?:Username|Password)|Authentication failed|terminal prompts disabled|returned error: 40[13]\b/i;
const refUnknown =
  /couldn't find remote ref|not our ref|unadvertised object|no such remote ref|is not a valid (?:ref|object)/i;
const diskFull = /No space left on device|Disk quota exceeded|File too large/i;

/** What a user can be told about a failure of the connection; checked in this order. */
const connectionReasons: readonly (readonly [RegExp, string])[] = [
  [
    /returned error: 30\d/i,
    'its server redirects to another address; give that one (often the one that ends in .git)',
  ],
  [
    /SSL certificate problem|server certificate verification|certificate/i,
    'its TLS certificate is not trusted',
  ],
  [/Operation too slow|Timed? ?out|Timeout was reached/i, 'its server answers too slowly'],
  [
    /Could not resolve host|Failed to connect|Couldn't connect|Connection (?:refused|reset)|unable to access/i,
    'its server could not be reached or broke off',
  ],
];

function lastComplaint(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => /^(?:fatal|error|remote): /.test(line));
  const line = lines.at(-1) ?? stderr.split('\n').at(-1) ?? '';
  // Absolute paths are this server's own affair.
  return line.replaceAll(/(^|[\s'"(])\/[^\s'"):]+/g, '$1…').slice(0, 200);
}

/** True for a failure that lies in the mirror or in the data, and not in how the remote was reached. */
export function isLocalFailure(error: unknown): boolean {
  if (!(error instanceof GitFailure) || error.givenUp) return false;
  const remote = [
    absent,
    needsCredentials,
    refUnknown,
    diskFull,
    ...connectionReasons.map(([known]) => known),
  ];
  return !remote.some((known) => known.test(error.stderr));
}

/**
 * Raises the error of the table that fits a GitFailure: REPOSITORY_NOT_FOUND, REPOSITORY_NEEDS_CREDENTIALS,
 * REPOSITORY_REF_UNKNOWN, UNAVAILABLE for a full disk or a missing git, and REPOSITORY_READ_FAILED for all
 * else. Other errors (such as a signal's reason) pass through.
 */
export function explainGitFailure(error: unknown, context: FailureContext): never {
  if (!(error instanceof GitFailure)) throw error;
  const options = { cause: error };
  const { stderr } = error;
  if (error.givenUp) fail('REPOSITORY_READ_FAILED', { reason: error.message }, options);
  if (error.cause !== undefined) fail('UNAVAILABLE', { reason: 'git could not be started' }, options);
  if (diskFull.test(stderr)) fail('UNAVAILABLE', { reason: 'the disk that holds mirrors is full' }, options);
  if (absent.test(stderr)) fail('REPOSITORY_NOT_FOUND', { url: context.url }, options);
  if (needsCredentials.test(stderr)) fail('REPOSITORY_NEEDS_CREDENTIALS', { url: context.url }, options);
  if (refUnknown.test(stderr)) fail('REPOSITORY_REF_UNKNOWN', { ref: context.ref }, options);
  const known = connectionReasons.find(([pattern]) => pattern.test(stderr));
  fail('REPOSITORY_READ_FAILED', { reason: known?.[1] ?? (lastComplaint(stderr) || error.message) }, options);
}
