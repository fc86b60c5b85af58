import { fail } from '../../errors.ts';

const longest = 1_024;
const control = /\p{Cc}/u;

function findFault(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.length > longest) return `it is longer than ${longest} characters`;
  if (!path.isWellFormed()) return 'it is not well-formed Unicode';
  if (control.test(path)) return 'it holds a control character';
  if (path.startsWith('/')) return 'it is absolute';
  if (path.endsWith('/')) return 'it ends in /';
  const names = path.split('/');
  if (names.includes('')) return 'it holds //';
  if (names.some((name) => name === '.' || name === '..')) return 'it holds a . or .. segment';
  return undefined;
}

/**
 * Checks that a text is the path of a file in a repository, as git writes it: relative to the root, names
 * parted by single slashes, none of them `.` or `..`, no control characters, at most 1,024 characters.
 * A backslash is an ordinary character of a name. Gives the path back.
 * @throws PATH_REFUSED
 */
export function checkFilePath(path: string): string {
  const reason = findFault(path);
  if (reason !== undefined) fail('PATH_REFUSED', { reason });
  return path;
}
