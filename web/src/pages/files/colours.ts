/** Coloured lines as they go from the worker to the page: a line is `\u0001class\u0002text` over and over. */

export const [beforeClass, beforeText] = ['\u0001', '\u0002'];

/** A piece of a line, and the class that colours it; none has plain text. */
export interface Piece {
  className: string;
  text: string;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };
const readEntities = (html: string) =>
  html.replaceAll(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => entities[name] ?? '');

/** Takes the HTML that highlight.js writes (nested spans, escaped text, nothing else) apart into lines. */
export function toLines(html: string): string[] {
  const lines: string[] = [];
  const open: string[] = [];
  let line = '';
  for (const [, opened, closed, text] of html.matchAll(/<span class="([^"]*)">|(<\/span>)|([^<]+)/g)) {
    if (opened !== undefined) open.push(opened);
    else if (closed !== undefined) open.pop();
    else
      for (const [index, part] of readEntities(text ?? '')
        .split('\n')
        .entries()) {
        if (index > 0) {
          lines.push(line);
          line = '';
        }
        if (part !== '') line += `${beforeClass}${open.at(-1) ?? ''}${beforeText}${part}`;
      }
  }
  return [...lines, line];
}

export const toPieces = (line: string): Piece[] =>
  line
    .split(beforeClass)
    .slice(1)
    .map((piece) => {
      const [className = '', text = ''] = piece.split(beforeText);
      return { className, text };
    });
