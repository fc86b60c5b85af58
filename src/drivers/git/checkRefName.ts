import { fail } from '../../errors.ts';

// oxlint-disable-next-line no-control-regex -- control characters are among what is refused
const forbidden = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$/;

function isRefName(name: string): boolean {
  if (name === '' || name === '@' || name.length > 255 || forbidden.test(name)) return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

/** A full object name, SHA-1 or SHA-256, in lower case. */
export function isObjectName(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/**
 * Raises REPOSITORY_REF_UNKNOWN for what cannot be a ref's name (rules of git-check-ref-format(1), and no
 * leading dash): such a ref cannot exist, and must not reach git's command line.
 */
export function checkRefName(ref: string): void {
  if (!isRefName(ref)) fail('REPOSITORY_REF_UNKNOWN', { ref: JSON.stringify(ref.slice(0, 80)) });
}
