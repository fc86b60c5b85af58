import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';

/**
 * CommonMark, only ever parsed. `html` is on so that HTML is told apart from text and can be left out;
 * nothing is rendered here. Without `text_join` an escaped or encoded character keeps a token of its own.
 */
const markdown = new MarkdownIt('commonmark', { html: true }).disable('text_join');

/** What stands for code, HTML, images and escaped signs between pieces of text: not part of any name. */
const gap = '\uFFFC';

/** The text that a reader sees of one paragraph, heading or table cell, without code and HTML. */
function readText(tokens: readonly Token[], sign: string): string {
  let text = '';
  let autolink = false;
  for (const token of tokens) {
    if (token.type === 'link_open' || token.type === 'link_close') {
      autolink = token.type === 'link_open' && token.markup === 'autolink';
    } else if (token.type === 'text') text += autolink ? gap : token.content;
    else if (token.type === 'text_special') text += token.content.replaceAll(sign, gap);
    else if (token.type === 'softbreak' || token.type === 'hardbreak') text += '\n';
    else if (token.nesting === 0) text += gap;
  }
  return text;
}

/**
 * The paragraphs, headings and table cells of a CommonMark text in which a sign such as `@` occurs, as a
 * reader sees them: without code (inline, fenced, indented), HTML, images, link destinations and autolinks,
 * and without the sign where it is escaped (`\@`).
 */
export function* readProse(text: string, sign: string): Generator<string> {
  if (!text.includes(sign)) return;
  for (const token of markdown.parse(text, {}))
    if (token.type === 'inline' && token.content.includes(sign)) yield readText(token.children ?? [], sign);
}
