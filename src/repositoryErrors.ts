/** Rows of the table of errors about repositories and their files: see errors.ts. */
import type { ErrorRow } from './errors.ts';

export const repositoryErrors = {
  REPOSITORY_URL_MISSING: {
    trpc: 'PRECONDITION_FAILED',
    message: 'The project has no repository URL.',
    remedy: 'Set `repositoryUrl` with `projects.update`, then sync.',
  },
  REPOSITORY_URL_REFUSED: {
    trpc: 'BAD_REQUEST',
    message: 'The repository URL is refused: {reason}.',
    remedy: 'Give an https:// URL without credentials, or a local path that REPOSITORY_PATHS allows.',
  },
  REPOSITORY_NOT_FOUND: {
    trpc: 'PRECONDITION_FAILED',
    message: 'The repository could not be found at {url}.',
    remedy: 'Check the URL; a private repository also needs credentials (see GIT_CREDENTIALS_FILE).',
  },
  REPOSITORY_NEEDS_CREDENTIALS: {
    trpc: 'PRECONDITION_FAILED',
    message: 'The repository at {url} asks for credentials.',
    remedy: 'Ask the operator to add them to the file that GIT_CREDENTIALS_FILE names.',
  },
  REPOSITORY_EMPTY: {
    trpc: 'PRECONDITION_FAILED',
    message: 'The repository has no commit yet.',
    remedy: 'Push a first commit, then sync again.',
  },
  REPOSITORY_REF_UNKNOWN: {
    trpc: 'PRECONDITION_FAILED',
    message: 'The repository has no branch, tag or commit named {ref}.',
    remedy: 'Give an existing ref, or leave it out for the default branch.',
  },
  REPOSITORY_PATH_NOT_UTF8: {
    trpc: 'PRECONDITION_FAILED',
    message: 'A file name in the repository is not UTF-8: {path}.',
    remedy: 'Rename the file in the repository (`git mv`), commit, then sync again.',
  },
  REPOSITORY_READ_FAILED: {
    trpc: 'PRECONDITION_FAILED',
    message: 'Reading the repository failed: {reason}.',
    remedy: 'See whether the repository is still there and reachable, then sync again.',
  },
  MANIFEST_MISSING: {
    trpc: 'PRECONDITION_FAILED',
    message: 'The project has no manifest {version} yet.',
    remedy: 'Run `repositories.sync` and wait for its job to complete.',
  },
  PATH_REFUSED: {
    trpc: 'BAD_REQUEST',
    message: 'The file path is refused: {reason}.',
    remedy:
      'Give a path relative to the repository root, with / between names, as `repositories.files` lists it.',
  },
  FILE_NOT_IN_MANIFEST: {
    trpc: 'NOT_FOUND',
    message: 'Version {version} of the project has no file {path}.',
    remedy: 'List the files with `repositories.files`, or choose another version.',
  },
  FILE_NOT_TEXT: {
    trpc: 'PRECONDITION_FAILED',
    message: 'The content of {path} is not kept: {reason}.',
    remedy: 'Only text files up to the size limit can be read and discussed line by line.',
  },
  DIFF_TOO_LARGE: {
    trpc: 'PRECONDITION_FAILED',
    message: 'The two versions of {path} differ too much for a diff to be worth its time.',
    remedy: 'Read both versions with `repositories.file`, or compare versions that lie closer together.',
  },
  LINES_OUTSIDE_FILE: {
    trpc: 'BAD_REQUEST',
    message: 'Lines {lineStart}–{lineEnd} lie outside {path}, which has {lines} lines.',
    remedy: 'Choose lines from 1 to {lines}, the first not after the last.',
  },
} as const satisfies Record<string, ErrorRow>;
