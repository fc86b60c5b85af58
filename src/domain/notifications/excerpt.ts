/** Cuts a text to so many characters (code points), with an ellipsis where something was left out. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // A character is at most two units long, so the rest of a long text is never taken apart.
  const characters = Array.from(text.slice(0, 2 * most + 2));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** The beginning of a comment as one line of at most 200 characters. */
export function excerpt(body: string): string {
  return cut(body.slice(0, 4000).replaceAll(/\s+/g, ' ').trim(), 200).toWellFormed();
}
