import type { MediaType } from '../../entities/media/MediaFile.ts';
import { fail } from '../../errors.ts';

/** What is taken under one content type. */
export interface MediaFormat {
  mediaType: MediaType;
  /** What the bytes may show themselves to be: containers hold pictures and sound alike. */
  sniffed: readonly string[];
  /** The one demuxer of ffmpeg that reads it; null for texts, which ffmpeg never sees. */
  demuxer: string | null;
}

const mp4 = ['video/mp4', 'video/x-m4v', 'audio/x-m4a', 'audio/mp4', 'video/quicktime'];
const matroska = ['video/webm', 'video/matroska'];
const ogg = ['video/ogg', 'audio/ogg', 'audio/ogg; codecs=opus'];

const video = (demuxer: string, sniffed: readonly string[]): MediaFormat => ({
  mediaType: 'video',
  sniffed,
  demuxer,
});
const audio = (demuxer: string, sniffed: readonly string[]): MediaFormat => ({
  mediaType: 'audio',
  sniffed,
  demuxer,
});
const subtitle = (kind: string): MediaFormat => ({ mediaType: 'subtitle', sniffed: [kind], demuxer: null });

/** By content type. What is not here is not taken: playlists and manifests above all. */
const formats: ReadonlyMap<string, MediaFormat> = new Map([
  ['video/mp4', video('mov', mp4)],
  ['video/quicktime', video('mov', mp4)],
  ['video/webm', video('matroska', matroska)],
  ['video/x-matroska', video('matroska', matroska)],
  ['video/vnd.avi', video('avi', ['video/vnd.avi'])],
  ['video/mp2t', video('mpegts', ['video/mp2t'])],
  ['video/ogg', video('ogg', ogg)],
  ['audio/mp4', audio('mov', mp4)],
  ['audio/mpeg', audio('mp3', ['audio/mpeg'])],
  ['audio/wav', audio('wav', ['audio/wav'])],
  ['audio/flac', audio('flac', ['audio/flac'])],
  ['audio/ogg', audio('ogg', ogg)],
  ['audio/aac', audio('aac', ['audio/aac'])],
  ['audio/webm', audio('matroska', matroska)],
  ['application/x-subrip', subtitle('srt')],
  ['text/vtt', subtitle('vtt')],
  ['text/x-ssa', subtitle('ass')],
]);

export const contentTypes = [...formats.keys()];

/** @throws MEDIA_FORMAT_UNKNOWN when it is not taken, or not as this type of media. */
export function findFormat(contentType: string, mediaType?: MediaType): MediaFormat {
  const format = formats.get(contentType);
  if (format && (mediaType === undefined || format.mediaType === mediaType)) return format;
  const allowed = [...formats].filter(([, { mediaType: is }]) => mediaType === undefined || is === mediaType);
  return fail('MEDIA_FORMAT_UNKNOWN', {
    contentType,
    mediaType: mediaType ?? 'media',
    allowed: allowed.map(([name]) => name).join(', '),
  });
}
