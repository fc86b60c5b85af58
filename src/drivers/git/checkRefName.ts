import { fail } from '../../errors.ts';

const forbidden = /[\p{Cc}\p{Cs} ~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$/u;

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
