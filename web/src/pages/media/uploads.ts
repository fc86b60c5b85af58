import { useSyncExternalStore } from 'react';
import { readFailure } from 'tessera-client';
import { client, noteFailure, queryClient, trpc } from '../../api.ts';
import { explain } from '../../kit/FailureNotice.tsx';
import { contentTypeOf } from './contentTypes.ts';
import { type KeptUpload, forget, isSame, keep, readKept } from './keptUploads.ts';
import { UploadRefused, sendByTus } from './sendByTus.ts';

/** A file on its way. */
export interface Upload {
  key: string;
  projectId: string;
  name: string;
  size: number;
  /** Bytes that have gone. */
  sent: number;
  /**
   * `sending`, `waiting` for the connection, `ending` when all has arrived; `stopped`: the page was loaded anew, or it
   * was told to stop, and the file has to be chosen again; `failed` for good.
   */
  state: 'sending' | 'waiting' | 'ending' | 'stopped' | 'failed';
  /** Null until it was announced. */
  mediaId: string | null;
  failure: { message: string; remedy: string } | null;
}

const stopped = ({ projectId, mediaId, name, size }: KeptUpload): Upload => ({
  key: mediaId,
  projectId,
  name,
  size,
  sent: 0,
  state: 'stopped',
  mediaId,
  failure: null,
});

let uploads: readonly Upload[] = readKept().map(stopped);
const controllers = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function set(next: readonly Upload[]): void {
  uploads = next;
  for (const listener of listeners) listener();
}
const change = (key: string, changes: Partial<Upload>) =>
  set(uploads.map((upload) => (upload.key === key ? { ...upload, ...changes } : upload)));
const remove = (key: string) => set(uploads.filter((upload) => upload.key !== key));

/** Announces a file, or asks for new addresses of an upload that was begun. */
async function announce(projectId: string, file: File, derivedFrom: string | null) {
  const known = readKept().find((upload) => upload.projectId === projectId && isSame(upload, file));
  const asked = {
    projectId,
    name: file.name,
    contentType: known?.contentType ?? contentTypeOf(file),
    size: file.size,
    mutationId: known?.mutationId ?? crypto.randomUUID(),
  };
  const origin = known ? known.derivedFrom : derivedFrom;
  const { media, upload } = await client.media.createUpload.mutate({
    ...asked,
    ...(origin ? { derivedFrom: origin } : {}),
  });
  const { lastModified } = file;
  const expiresAt = upload.expiresAt.getTime();
  keep({ ...asked, mediaId: media.id, lastModified, derivedFrom: origin, expiresAt });
  // The content policy lets the page speak to its own server alone, by whatever name it is reached.
  const { pathname, search } = new URL(upload.tus.url);
  return { mediaId: media.id, url: `${location.origin}${pathname}${search}` };
}

async function run(key: string, projectId: string, file: File, derivedFrom: string | null): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  controllers.set(key, controller);
  try {
    const { mediaId, url } = await announce(projectId, file, derivedFrom);
    change(key, { mediaId });
    // What the list shows of it as interrupted goes on here.
    set(uploads.filter((upload) => upload.key === key || upload.mediaId !== mediaId));
    void queryClient.invalidateQueries({ queryKey: trpc.media.usage.pathKey() });
    signal.throwIfAborted();
    await sendByTus(url, file, {
      signal,
      onSent: (sent) => change(key, { sent, state: 'sending' }),
      onWaiting: (isWaiting) => isWaiting && change(key, { state: 'waiting' }),
    });
    change(key, { sent: file.size, state: 'ending' });
    await client.media.completeUpload.mutate({ projectId, mediaId });
    forget(mediaId);
    remove(key);
  } catch (error) {
    const mediaId = uploads.find((upload) => upload.key === key)?.mediaId ?? null;
    if (signal.aborted) {
      change(key, { state: 'stopped' });
      return;
    }
    const isRefused = readFailure(error) !== undefined || error instanceof UploadRefused;
    if (isRefused && mediaId) forget(mediaId);
    noteFailure(error);
    change(key, { state: 'failed', failure: error instanceof UploadRefused ? error : explain(error) });
  } finally {
    controllers.delete(key);
    void queryClient.invalidateQueries({ queryKey: trpc.media.usage.pathKey() });
  }
}

/** Begins to send files, or goes on with those that were begun before. */
export function sendFiles(
  projectId: string,
  files: readonly File[],
  derivedFrom: string | null = null,
): void {
  for (const file of files) {
    const key = crypto.randomUUID();
    const { name, size } = file;
    set([
      ...uploads,
      { key, projectId, name, size, sent: 0, state: 'sending', mediaId: null, failure: null },
    ]);
    void run(key, projectId, file, derivedFrom);
  }
}

/** Lets an upload rest; what has arrived is kept. */
export const stopUpload = (key: string): void => controllers.get(key)?.abort();

/** Takes an upload that rests or has failed off the page, and what has arrived of it, where one may. */
export async function discardUpload({ key, projectId, mediaId }: Upload, mayDelete: boolean): Promise<void> {
  if (mediaId) {
    if (mayDelete) await client.media.delete.mutate({ projectId, mediaId }).catch(() => {});
    forget(mediaId);
  }
  remove(key);
}

const get = () => uploads;
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Uploads to a project that are not over, live; they go on while other pages are looked at. */
export function useUploads(projectId: string): readonly Upload[] {
  return useSyncExternalStore(subscribe, get).filter((upload) => upload.projectId === projectId);
}
