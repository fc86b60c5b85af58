/** Where the bytes of a file lie in the storage. Nothing that people wrote is part of a key. */

/** For good. No URL to write there is ever given out. */
export const mediaKey = (projectId: string, mediaId: string): string => `media/${projectId}/${mediaId}`;
/** Everything of an upload that is not complete. */
export const uploadPrefix = (mediaId: string): string => `uploads/${mediaId}/`;
/** What the signed URL stores. */
export const putKey = (mediaId: string): string => `${uploadPrefix(mediaId)}whole`;
const partsPrefix = (mediaId: string) => `${uploadPrefix(mediaId)}parts/`;
const digits = 15;
/**
 * A part of a resumable upload, by the place of its first byte: in the order of their names they follow each other.
 * @param writer no other request has it, so what one stores is never written over by another.
 */
export const partKey = (mediaId: string, offset: number, writer: string): string =>
  `${partsPrefix(mediaId)}${String(offset).padStart(digits, '0')}-${writer}`;

export { partsPrefix };
