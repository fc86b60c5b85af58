import { type Inputs, type ThreadsState, applyToThreads } from 'tessera-client';
import { client } from '../../api.ts';
import type { Live } from './LiveSource.ts';
import { sourceOf, tracked, useLive } from './useLive.ts';

/** The threads of a project, a file (`filePath`) or one thread (`threadId`) with their comments, live. */
export function useLiveThreads(
  input: Pick<Inputs['threads']['watch'], 'projectId' | 'threadId' | 'filePath'>,
): Live<ThreadsState> {
  const { projectId, threadId, filePath } = input;
  return useLive(
    sourceOf(
      `threads:${JSON.stringify([projectId, threadId, filePath])}`,
      tracked((handlers) => client.threads.watch.subscribe(input, handlers)),
      applyToThreads,
    ),
  );
}
