import { usernameSyntax } from '../identity/username.ts';
import { readProse } from './readProse.ts';
import { wordCharacter } from './wordCharacter.ts';

const mostMentions = 50;

/**
 * An `@` after a letter or digit is an e-mail address, one after `/` part of a URL or path; scripts that are
 * written without spaces are no letters here. Behind the name neither more of a name may follow (it would
 * be too long), nor `@host` (an address elsewhere), nor `/name` (a package).
 */
const mentionPattern = new RegExp(
  String.raw`(?<!${wordCharacter}|${wordCharacter}[+%\-]|[_@/])` +
    String.raw`@(${usernameSyntax})` +
    String.raw`(?![_\-]*[A-Za-z0-9]|${wordCharacter}|@|/\w)`,
  'gu',
);

/**
 * Finds who is mentioned in a CommonMark text: the usernames written as `@username`, unique, in lower case,
 * in order of first appearance, at most 50. Not those in code (inline, fenced, indented), HTML, images, link
 * destinations, autolinks and e-mail addresses, nor where the `@` is escaped (`\@`). Whether such an actor
 * exists is not asked.
 */
export function findMentions(text: string): string[] {
  const usernames = new Set<string>();
  for (const prose of readProse(text, '@')) {
    for (const [, username] of prose.matchAll(mentionPattern)) {
      usernames.add(username!.toLowerCase());
      if (usernames.size === mostMentions) return [...usernames];
    }
  }
  return [...usernames];
}
