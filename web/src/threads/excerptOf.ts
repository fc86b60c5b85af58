/** The beginning of a comment in a line, in quotes: how buttons tell it from its neighbours. */
export function excerptOf(body: string, length = 40): string {
  const line = body.replaceAll(/\s+/g, ' ').trim();
  return `“${line.length > length ? `${line.slice(0, length).trimEnd()}…` : line}”`;
}
