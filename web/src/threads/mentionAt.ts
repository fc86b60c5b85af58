/** As the server reads mentions: the `@` stands at the beginning, or after what is no part of a word. */
const beingWritten = /(?:^|[^\p{L}\p{N}_@/.])@([A-Za-z0-9_-]{0,39})$/u;

/** The beginning of a username that is being written before the caret, without its `@`; undefined: none is. */
export const mentionAt = (text: string, caret: number): string | undefined =>
  beingWritten.exec(text.slice(0, caret))?.[1];

/** The text with the mention before the caret completed, and where the caret stands then. */
export function completeMention(
  text: string,
  caret: number,
  username: string,
): { text: string; caret: number } {
  const begun = mentionAt(text, caret) ?? '';
  const before = `${text.slice(0, caret - begun.length)}${username} `;
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
}
