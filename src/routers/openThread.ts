import { PlaceOvertaken, type ThreadSubject, createThread } from '../domain/threads/createThread.ts';
import { makeAnchor } from '../domain/threads/makeAnchor.ts';
import type { PlacedThread } from '../domain/threads/placeThread.ts';
import type { SubjectType } from '../domain/threads/subjectTypes.ts';
import { TesseraError, fail } from '../errors.ts';
import { type CommentView, type ThreadView, viewComment, viewThread } from '../views/threads.ts';
import type { Call } from './Call.ts';
import { findMentioned } from './findMentioned.ts';

/** Syncs of one project would have to finish faster than a file is read to use these up. */
const attempts = 5;

export interface OpenThreadInput {
  id?: string | undefined;
  title?: string | null | undefined;
  body: string;
  filePath?: string | undefined;
  lineStart?: number | undefined;
  lineEnd?: number | undefined;
  version?: number | undefined;
  subjectType?: SubjectType | undefined;
  subjectId?: string | undefined;
  startMs?: number | undefined;
  endMs?: number | undefined;
}

function refuse(fields: Record<string, string>): never {
  throw new TesseraError('BAD_INPUT', {}, { fields });
}

/** The lines or the subject that is meant: exactly one of the two. */
function readTarget(
  input: OpenThreadInput,
): { filePath: string; lineStart: number; lineEnd: number } | ThreadSubject {
  const { filePath, lineStart, lineEnd, version, subjectType, subjectId, startMs, endMs } = input;
  if (filePath !== undefined) {
    if ([subjectType, subjectId, startMs, endMs].some((given) => given !== undefined)) {
      refuse({ subjectType: 'a thread stands on lines of a file or on a subject, not on both' });
    }
    if (lineStart === undefined) return refuse({ lineStart: 'is needed with filePath' });
    if (lineEnd === undefined) return refuse({ lineEnd: 'is needed with filePath' });
    return { filePath, lineStart, lineEnd };
  }
  if ([lineStart, lineEnd, version].some((given) => given !== undefined))
    refuse({ filePath: 'is needed with lineStart, lineEnd and version' });
  if (subjectType === undefined)
    return refuse({ filePath: 'give filePath with lineStart and lineEnd, or subjectType with subjectId' });
  if (subjectId === undefined) return refuse({ subjectId: 'is needed with subjectType' });
  if ((startMs === undefined) !== (endMs === undefined))
    return refuse({ [startMs === undefined ? 'startMs' : 'endMs']: 'startMs and endMs go together' });
  if (startMs !== undefined && endMs !== undefined && endMs < startMs)
    return refuse({ endMs: 'must not be before startMs' });
  return { subjectType, subjectId, startMs, endMs };
}

type Found = { on: PlacedThread | ThreadSubject } | { error: unknown };

async function find(
  ctx: Call,
  target: ReturnType<typeof readTarget>,
  version: number | undefined,
): Promise<Found> {
  if (!('filePath' in target)) return { on: target };
  try {
    return { on: await makeAnchor(ctx, { projectId: ctx.projectId, ...target, version }) };
  } catch (error) {
    return { error };
  }
}

/** Reads the file first and writes then; a sync that comes in between sends it back to reading. */
export async function openThread(
  ctx: Call,
  input: OpenThreadInput,
): Promise<{ thread: ThreadView; comment: CommentView }> {
  const { projectId, actor } = ctx;
  const target = readTarget(input);
  const mentioned = await findMentioned(ctx, input.body);
  for (let attempt = 1; ; attempt += 1) {
    const found = await find(ctx, target, input.version);
    try {
      return await ctx.write(
        async (em) => {
          // Not before: the retry of a call that was carried out is answered whatever became of the file.
          if ('error' in found) throw found.error;
          return createThread(em, actor, { ...input, projectId, mentioned, on: found.on });
        },
        ({ thread, comment }) => ({
          thread: viewThread(thread, actor),
          comment: viewComment(comment, actor),
        }),
      );
    } catch (error) {
      if (!(error instanceof PlaceOvertaken)) throw error;
      if (attempt === attempts) fail('UNAVAILABLE', { reason: 'the repository is being synced' });
    }
  }
}
