/** What a file is by the end of its name: browsers do not agree on the names of types. */
const byEnding: Record<string, string> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  avi: 'video/vnd.avi',
  ts: 'video/mp2t',
  ogv: 'video/ogg',
  m4a: 'audio/mp4',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  aac: 'audio/aac',
  weba: 'audio/webm',
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
  ass: 'text/x-ssa',
  ssa: 'text/x-ssa',
};

/** Endings that a file dialogue offers. */
export const endings = Object.keys(byEnding)
  .map((ending) => `.${ending}`)
  .join(',');

/** The type to announce a file as; what is not known the server refuses and says what it takes. */
export function contentTypeOf({ name, type }: Pick<File, 'name' | 'type'>): string {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return byEnding[ending] ?? (type || 'application/octet-stream');
}
