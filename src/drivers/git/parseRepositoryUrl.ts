import { fileURLToPath } from 'node:url';
import { fail } from '../../errors.ts';

/** What a repository URL says, before anything was looked up: see `checkRepositoryUrl` for that. */
export type RepositoryUrl =
  | { kind: 'https'; url: string; host: string; port: number }
  | { kind: 'path'; path: string };

const maxLength = 255;
// Cc control, Cs lone surrogates, Zl and Zp line separators; for URLs also format characters and spaces.
const forbiddenInPath = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
const forbiddenInHttps = /[\p{C}\p{Z}\\]/u;
const encodedControl = /%(?:[01][0-9a-f]|7f)/i;

function refuse(reason: string): never {
  fail('REPOSITORY_URL_REFUSED', { reason });
}

function parseHttps(text: string): RepositoryUrl {
  if (forbiddenInHttps.test(text)) refuse('it has a space, a backslash or an invisible character');
  if (/[?#]/.test(text)) refuse('it has a query or a fragment');
  if (encodedControl.test(text)) refuse('it has an encoded control character');
  const url = URL.parse(text);
  if (!url) refuse('it is not a well-formed URL');
  // Also catches `https://@host/`, whose username is empty but there.
  if (url.username !== '' || url.password !== '' || /^https:\/\/[^/]*@/i.test(text)) {
    refuse('it holds credentials');
  }
  if (url.hostname.endsWith('.')) refuse('its host name ends with a dot');
  const port = url.port === '' ? 443 : Number(url.port);
  if (port === 0) refuse('its port is 0');
  return { kind: 'https', url: url.href, host: url.hostname, port };
}

function parseFileUrl(text: string): RepositoryUrl {
  const url = URL.parse(text);
  if (!url || url.hostname !== '' || url.search !== '' || url.hash !== '') {
    refuse('it is not a well-formed file:// URL of this machine');
  }
  if (encodedControl.test(text)) refuse('it has an encoded control character');
  try {
    return { kind: 'path', path: fileURLToPath(url) };
  } catch {
    refuse('it is not a well-formed file:// URL of this machine');
  }
}

/**
 * The cheap, pure part of the check, for when a URL is typed in: no file and no name is looked up.
 *
 * Takes an `https://` URL (returned normalised, without user, query or fragment), a `file://` URL, or a
 * local path. Raises REPOSITORY_URL_REFUSED for all else: `ssh`, `git@host:path`, `ext::`, `http`, ….
 */
export function parseRepositoryUrl(text: string): RepositoryUrl {
  if (text === '') refuse('it is empty');
  if (text.length > maxLength) refuse(`it is longer than ${maxLength} characters`);
  if (text.startsWith('-')) refuse('it starts with a dash');
  if (forbiddenInPath.test(text)) refuse('it has a control character');
  if (/^https:\/\//i.test(text)) return parseHttps(text);
  if (/^file:\/\//i.test(text)) return parseFileUrl(text);
  // As git reads it, a colon before the first slash names a host or a transport (`ext::sh -c …`).
  if (/^[^/]*:/.test(text)) refuse('only https:// is taken from another machine');
  return { kind: 'path', path: text };
}
