import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { usernameSyntax } from '../identity/username.ts';

const mostMentions = 50;

/**
 * CommonMark, only ever parsed. `html` is on so that HTML is told apart from text and can be left out;
 * nothing is rendered here. Without `text_join` an escaped or encoded `@` keeps a token of its own.
 */
const markdown = new MarkdownIt('commonmark', { html: true }).disable('text_join');

/** What stands for code, HTML and images between pieces of text: not part of any name. */
const gap = '\uFFFC';

/**
 * An `@` after a letter or digit is an e-mail address, one after `/` part of a URL or path; scripts that are
 * written without spaces are no letters here. Behind the name neither more of a name may follow (it would
 * be too long), nor `@host` (an address elsewhere), nor `/name` (a package).
 */
const scripts = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar'];
const spaceless = String.raw`[${scripts.map((script) => String.raw`\p{Script=${script}}`).join('')}]`;
const wordCharacter = String.raw`(?!${spaceless})[\p{L}\p{M}\p{N}]`;
const mentionPattern = new RegExp(
  String.raw`(?<!${wordCharacter}|${wordCharacter}[+%\-]|[_@/])` +
    String.raw`@(${usernameSyntax})` +
    String.raw`(?![_\-]*[A-Za-z0-9]|${wordCharacter}|@|/\w)`,
  'gu',
);

/** The text that a reader sees of one paragraph, heading or table cell, without code and HTML. */
function readText(tokens: readonly Token[]): string {
  let text = '';
  let autolink = false;
  for (const token of tokens) {
    if (token.type === 'link_open' || token.type === 'link_close') {
      autolink = token.type === 'link_open' && token.markup === 'autolink';
    } else if (token.type === 'text') text += autolink ? gap : token.content;
    else if (token.type === 'text_special') text += token.content.replaceAll('@', gap);
    else if (token.type === 'softbreak' || token.type === 'hardbreak') text += '\n';
    else if (token.nesting === 0) text += gap;
  }
  return text;
}

/**
 * Finds who is mentioned in a CommonMark text: the usernames written as `@username`, unique, in lower case,
 * in order of first appearance, at most 50. Not those in code (inline, fenced, indented), HTML, images, link
 * destinations, autolinks and e-mail addresses, nor where the `@` is escaped (`\@`). Whether such an actor
 * exists is not asked.
 */
export function findMentions(text: string): string[] {
  if (!text.includes('@')) return [];
  const usernames = new Set<string>();
  for (const token of markdown.parse(text, {})) {
    if (token.type !== 'inline' || !token.content.includes('@')) continue;
    for (const [, username] of readText(token.children ?? []).matchAll(mentionPattern)) {
      usernames.add(username!.toLowerCase());
      if (usernames.size === mostMentions) return [...usernames];
    }
  }
  return [...usernames];
}
