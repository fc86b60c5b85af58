import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });

// Pictures would tell their servers who reads this, and when: a link to them does not.
markdown.renderer.rules['image'] = (tokens, index) => {
  const token = tokens[index];
  const { escapeHtml } = markdown.utils;
  const source = String(token?.attrGet('src') ?? '');
  return `<a href="${escapeHtml(source)}">${escapeHtml(token?.content || source)}</a>`;
};

/** A page has one title: headings of a text stand three levels below those of the page that shows it. */
const lowered = (tag: string) => `h${Math.min(6, Number(tag.slice(1)) + 3)}`;
markdown.renderer.rules['heading_open'] = (tokens, index) => `<${lowered(tokens[index]?.tag ?? 'h3')}>`;
markdown.renderer.rules['heading_close'] = (tokens, index) => `</${lowered(tokens[index]?.tag ?? 'h3')}>\n`;

/** As the server reads them: a username after the beginning or after what is no part of a word. */
const mention = /(?<![\w@/.])@([A-Za-z0-9](?:[A-Za-z0-9_-]{0,37}[A-Za-z0-9])?)/g;
/** As the server reads them: `#12`, after what is no part of a word or an address. */
const reference = /(?<![\p{L}\p{N}_/&#])#([1-9][0-9]{0,8})(?![\p{L}\p{N}_]|\.[0-9])/gu;

const isInLink = (tokens: readonly { type: string }[], index: number) =>
  tokens.slice(0, index).findLast(({ type }) => type.startsWith('link_'))?.type === 'link_open';

markdown.renderer.rules['text'] = (tokens, index, _options, env) => {
  const projectId: unknown = env?.['projectId'];
  const text = markdown.utils
    .escapeHtml(tokens[index]?.content ?? '')
    .replaceAll(mention, '<strong class="mention">@$1</strong>');
  if (typeof projectId !== 'string' || isInLink(tokens, index)) return text;
  return text.replaceAll(reference, `<a href="/projects/${projectId}/issues/$1">#$1</a>`);
};

const purify = DOMPurify(window);
purify.addHook('afterSanitizeAttributes', (node) => {
  // What leads to a page of the console opens in its place.
  if (node.tagName !== 'A' || node.getAttribute('href')?.startsWith('/')) return;
  node.setAttribute('rel', 'noopener noreferrer nofollow ugc');
  node.setAttribute('target', '_blank');
});

const allowed = {
  ALLOWED_TAGS:
    'a p br strong em s del code pre ul ol li blockquote h4 h5 h6 hr table thead tbody tr th td'.split(' '),
  ALLOWED_ATTR: ['href', 'rel', 'target', 'class', 'start'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#|\/(?!\/))/i,
};

/**
 * Markdown to HTML that can be put into a page: HTML in it is text, and what is left is cleaned once more.
 * @param projectId whose issues `#12` leads to
 */
export function renderMarkdown(source: string, projectId?: string): string {
  return purify.sanitize(markdown.render(source, { projectId }), allowed);
}
