import { resolve } from 'node:path';
import { fail } from '../../errors.ts';
import { createAddressGuard } from '../addressGuard.ts';
import { isWithin, locateGitDir, resolveReal } from './locateGitDir.ts';
import { parseRepositoryUrl } from './parseRepositoryUrl.ts';

/**
 * A repository that may be read. Only `checkRepositoryUrl` makes one, and git is given nothing else:
 * `addresses` are the only ones that git connects to, `gitDir` is the only folder that it opens.
 */
export type RepositorySource =
  | { kind: 'https'; url: string; host: string; port: number; addresses: readonly string[] }
  | { kind: 'path'; path: string; gitDir: string; objectFolders: readonly string[] };

export interface RepositoryUrlRules {
  /** Folders whose repositories may be read; ones that do not exist are passed over. */
  allowedPaths: readonly string[];
  /** Tessera's own data, which is never read as a repository: it holds every tenant's mirrors. */
  dataDir: string;
  /** Host names, addresses and CIDR subnets that are permitted although they are not public. */
  allowedHosts?: readonly string[];
}

const outsideReason = 'the path is not below a folder that this server lets repositories be read from';

async function checkHttps(
  source: { url: string; host: string; port: number },
  rules: RepositoryUrlRules,
): Promise<RepositorySource> {
  const guard = createAddressGuard(rules.allowedHosts ? { allowedHosts: rules.allowedHosts } : {});
  const resolved = await guard.resolve(source.host).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTFOUND') fail('REPOSITORY_NOT_FOUND', { url: source.url }, { cause: error });
    fail('REPOSITORY_READ_FAILED', { reason: 'its host name could not be looked up' }, { cause: error });
  });
  if ('refused' in resolved) fail('REPOSITORY_URL_REFUSED', { reason: resolved.refused });
  return { kind: 'https', ...source, addresses: resolved.addresses };
}

async function checkPath(given: string, rules: RepositoryUrlRules): Promise<RepositorySource> {
  const allowed = (await Promise.all(rules.allowedPaths.map(resolveReal))).filter((path) => path !== null);
  const dataDir = (await resolveReal(rules.dataDir)) ?? resolve(rules.dataDir);
  const mayRead = (path: string): boolean =>
    allowed.some((folder) => isWithin(path, folder)) && !isWithin(path, dataDir);

  const absolute = resolve(given);
  const path = await resolveReal(absolute);
  if (path === null) {
    // Outside the allowed folders a missing path is answered like an existing one, so that nobody can
    // find out what files the machine has.
    const underAllowed = rules.allowedPaths.some((folder) => isWithin(absolute, resolve(folder)));
    if (underAllowed || mayRead(absolute)) fail('REPOSITORY_NOT_FOUND', { url: given });
    fail('REPOSITORY_URL_REFUSED', { reason: outsideReason });
  }
  if (!mayRead(path)) fail('REPOSITORY_URL_REFUSED', { reason: outsideReason });

  const located = await locateGitDir(path, mayRead).catch((error: unknown) =>
    fail('REPOSITORY_READ_FAILED', { reason: 'its git directory could not be read' }, { cause: error }),
  );
  if ('missing' in located) fail('REPOSITORY_NOT_FOUND', { url: given });
  if ('outside' in located) {
    fail('REPOSITORY_URL_REFUSED', { reason: 'it refers to a folder that may not be read' });
  }
  return { kind: 'path', path, gitDir: located.gitDir, objectFolders: located.objectFolders };
}

/**
 * Decides whether a repository may be read, and pins what will be read: host names are resolved and checked
 * (see `createAddressGuard`), paths are followed to their end. Call it just before `openMirror`, each time.
 *
 * Raises REPOSITORY_URL_REFUSED; REPOSITORY_NOT_FOUND for an unknown host or a folder without a repository;
 * REPOSITORY_READ_FAILED when the name service fails.
 */
export async function checkRepositoryUrl(url: string, rules: RepositoryUrlRules): Promise<RepositorySource> {
  const parsed = parseRepositoryUrl(url);
  if (parsed.kind === 'path') return checkPath(parsed.path, rules);
  return checkHttps({ url: parsed.url, host: parsed.host, port: parsed.port }, rules);
}
