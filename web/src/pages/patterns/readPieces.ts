/** Bytes of a piece of a file: as many as the server takes at once. */
const pieceBytes = 256 * 1024;

const encoder = new TextEncoder();

/** Splits a text into pieces of at most so many bytes in UTF-8, none within a character. */
export function toPieces(text: string, most = pieceBytes): string[] {
  const bytes = encoder.encode(text);
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + most, bytes.length);
    // A byte that goes on a character begins no piece.
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    pieces.push(decoder.decode(bytes.subarray(start, end)));
    start = end;
  }
  return pieces;
}
