import { z } from 'zod';

const maxMetadataCharacters = 16_384;
/** What PostgreSQL's jsonb refuses: NUL, and halves of surrogate pairs (which JSON.stringify escapes). */
const notForJsonb = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Free data of the owner's: JSON, up to 16,384 characters of it. */
export const metadata = z
  .record(z.string(), z.json())
  .refine((data) => JSON.stringify(data).length <= maxMetadataCharacters, 'At most 16,384 characters as JSON.')
  .refine((data) => !notForJsonb.test(JSON.stringify(data)), 'It holds characters that cannot be stored.');
