import type { RepositoryUrlRules } from '../../drivers/git/checkRepositoryUrl.ts';
import type { Settings } from '../../settings.ts';

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Which repositories the operator lets be read. Without a word of theirs: public hosts, and the folder that
 * a server was started in when nobody but its own machine reaches it.
 */
export function repositoryRules(settings: Settings): RepositoryUrlRules {
  return {
    allowedPaths: settings.REPOSITORY_PATHS ?? (isLoopback(settings.HOST) ? [process.cwd()] : []),
    allowedHosts: settings.REPOSITORY_HOSTS,
    dataDir: settings.DATA_DIR,
  };
}
