/** What the tests of threads share: a server, three people, and projects whose files are syncs away. */
import { systemCause } from '../../src/database/transaction.ts';
import { reanchorThreads } from '../../src/domain/threads/reanchorThreads.ts';
import type { Reanchored } from '../../src/domain/threads/reanchorThreads.ts';
import { type Frames, collectFrames } from './collectFrames.ts';
import { putManifest } from './putManifest.ts';
import { type Person, type TestServer, startServer } from './server.ts';

export type Files = Record<string, string | Buffer>;

export interface ThreadWorld {
  server: TestServer;
  ada: Person;
  bob: Person;
  eve: Person;
  /** A project of Ada's with Bob as editor; with files, if given, as version 1. */
  makeProject(files?: Files): Promise<string>;
  /** What a sync does: a new manifest, then the threads follow. */
  sync(projectId: string, files: Files): Promise<Reanchored & { version: number }>;
  /** Placement, path and lines of a thread. */
  whereIs(projectId: string, threadId: string): Promise<unknown[]>;
}

export const tenLines = Array.from({ length: 10 }, (_, n) => `line ${n + 1}\n`).join('');

/** Input of `threads.create` on lines of a file. */
export const onLines = (projectId: string, lineStart: number, lineEnd = lineStart, filePath = 'a.ts') => ({
  projectId,
  filePath,
  lineStart,
  lineEnd,
  body: 'What is this for?',
});

export async function makeThreadWorld(): Promise<ThreadWorld> {
  const server = await startServer();
  const [ada, bob, eve] = [
    await server.person('Ada'),
    await server.person('Bob'),
    await server.person('Eve'),
  ];
  return {
    server,
    ada,
    bob,
    eve,
    async makeProject(files) {
      const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Threads' });
      await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
      if (files) await putManifest(server, projectId, files);
      return projectId;
    },
    async sync(projectId, files) {
      const version = await putManifest(server, projectId, files);
      const { orm, storage } = server.tessera.services;
      return { version, ...(await reanchorThreads({ orm, storage, cause: systemCause }, projectId)) };
    },
    async whereIs(projectId, threadId) {
      const { thread } = await ada.client.threads.get.query({ projectId, threadId });
      return [thread.placement, thread.filePath, thread.lineStart, thread.lineEnd];
    },
  };
}

/** A frame of `threads.watch`, loosely: tests look into payloads of many kinds. */
export interface ThreadFrame {
  type: string;
  seq: number;
  mutationId: string | null;
  payload: never;
  threads: never;
}

export function watchThreads(
  person: Person,
  input: { projectId: string; threadId?: string; filePath?: string; lastEventId?: string },
): Frames<ThreadFrame> {
  return collectFrames<ThreadFrame>((on) => person.client.threads.watch.subscribe(input, on));
}
