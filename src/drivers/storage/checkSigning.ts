const longestSeconds = 7 * 24 * 3600;
/** RFC 9110 §8.3.1, with parameters that are tokens: it goes into headers as it is. */
const mediaType = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(; ?[\w-]{1,64}=[\w.+-]{1,64}){0,4}$/;

/** Throws TypeError unless a URL may be signed for so long and this media type, and this many bytes if it is for an upload. */
export function checkSigning(options: {
  expiresInSeconds: number;
  contentType: string;
  size?: number;
}): void {
  const { expiresInSeconds, contentType, size = 0 } = options;
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > longestSeconds)
    throw new TypeError(`a URL is signed for 1 to ${longestSeconds} seconds, not ${expiresInSeconds}`);
  if (!mediaType.test(contentType)) throw new TypeError('not a media type');
  if (!Number.isSafeInteger(size) || size < 0) throw new TypeError(`not a number of bytes: ${size}`);
}
