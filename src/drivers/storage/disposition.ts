const longestName = 200;

/** RFC 8187's extended value: what encodeURIComponent leaves and its attr-char lacks is escaped too. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The name, as much of it as is kept, without halves of characters. */
export function cutName(name: string): string {
  return name.slice(0, longestName).toWellFormed();
}

/**
 * A Content-Disposition header (RFC 6266) for any text as file name: without folders and control characters,
 * in UTF-8, and in ASCII for who does not understand that.
 */
export function writeDisposition(disposition: 'inline' | 'attachment', filename: string): string {
  const clean = filename.toWellFormed().replaceAll(/[\\/]/g, '_').replaceAll(/\p{C}/gu, '').trim();
  const name = cutName(clean) || 'file';
  const ascii = name.replaceAll(/[^ -~]|["%]/g, '_');
  return ascii === name
    ? `${disposition}; filename="${name}"`
    : `${disposition}; filename="${ascii}"; filename*=UTF-8''${encodeExtended(name)}`;
}
