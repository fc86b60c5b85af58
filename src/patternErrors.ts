/** Rows of the table of errors about semantic patterns and their import: see errors.ts. */
import type { ErrorRow } from './errors.ts';

export const patternErrors = {
  PATTERN_IN_USE: {
    trpc: 'CONFLICT',
    message: 'The {thing} {name} is in use by {uses}.',
    remedy: 'Take it out there first; `whereUsed` lists every place.',
  },
  TREE_CYCLE: {
    trpc: 'CONFLICT',
    message: 'The {thing} {name} cannot stand below itself: {path}.',
    remedy: 'Choose a place that does not lie below it.',
  },
  IMPORT_TOO_LARGE: {
    trpc: 'PAYLOAD_TOO_LARGE',
    message: 'The files of one import may hold {limit} bytes in all.',
    remedy: 'Split the files, each part with its header, and import them one after the other.',
  },
  IMPORT_CHUNK_CLASH: {
    trpc: 'CONFLICT',
    message: 'Chunk {index} of the {kind} file was given before, with another content.',
    remedy: 'Number the chunks of a file 0, 1, 2 …; to give another file, create another import.',
  },
  IMPORT_INCOMPLETE: {
    trpc: 'PRECONDITION_FAILED',
    message: 'The import cannot run: {reason}.',
    remedy: 'Give every chunk with `patternImports.append`, then run it again.',
  },
  IMPORT_UNREADABLE: {
    trpc: 'BAD_REQUEST',
    message: 'The {kind} file cannot be read: {reason}.',
    remedy: 'Mend the file, create another import for it, and run that.',
  },
} as const satisfies Record<string, ErrorRow>;
