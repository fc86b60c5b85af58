import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { type Cause, transact } from '../../database/transaction.ts';
import type { Storage } from '../../drivers/storage/Storage.ts';
import { audit } from '../../events/audit.ts';
import { emit } from '../../events/emit.ts';
import { ManifestReader } from './ManifestReader.ts';
import { locateFile, placeThread, type ThreadPlace } from './placeThread.ts';
import { bumpPlaces } from './sql/bumpPlaces.ts';
import { findLatestVersion } from './sql/findLatestVersion.ts';
import { findStalePlaces } from './sql/findStalePlaces.ts';
import { type StaleThread, findStaleThreads } from './sql/findStaleThreads.ts';
import { keepPlaces } from './sql/keepPlaces.ts';
import { type NewPlace, putPlaces } from './sql/putPlaces.ts';

/** Threads placed, and events written, in one transaction. */
const batchSize = 200;

export interface Reanchored {
  /** Threads whose lines are unchanged in another place, or back again. */
  moved: number;
  /** Threads whose lines were changed, or whose file is gone. */
  outdated: number;
  /** Threads that stand where they stood. */
  unchanged: number;
}

interface Services {
  orm: MikroORM;
  storage: Storage;
  /** Who brought the new version. */
  cause: Cause;
}

/** Carries all threads over whose files did not change since they were placed: no text is read for them. */
async function keepUnchanged(
  { orm, cause }: Services,
  reader: ManifestReader,
  version: number,
): Promise<number> {
  const { projectId } = reader;
  const stale = await findStalePlaces(orm.em.fork(), projectId, version);
  // Nothing stands on files: the manifest, megabytes perhaps, need not be read.
  if (stale.length === 0) return 0;
  const files = await reader.files(version);
  const unchanged: typeof stale = [];
  for (const place of stale) {
    const before = (await reader.files(place.placedVersion)).get(place.filePath);
    const after = files.get(place.filePath);
    if (before?.sha256 && before.sha256 === after?.sha256 && before.isText === after.isText)
      unchanged.push(place);
  }
  if (unchanged.length === 0) return 0;
  return transact(orm, cause, (em) => keepPlaces(em, projectId, version, unchanged));
}

function isSamePlace(a: ThreadPlace, b: ThreadPlace): boolean {
  return (
    a.placement === b.placement &&
    a.filePath === b.filePath &&
    a.lineStart === b.lineStart &&
    a.lineEnd === b.lineEnd
  );
}

/** Finds the new places of some threads, outside any transaction: it reads and compares files. */
async function findPlaces(
  reader: ManifestReader,
  threads: StaleThread[],
  version: number,
): Promise<Map<StaleThread, ThreadPlace>> {
  const paths = new Map<string, string | null>();
  const places = new Map<StaleThread, ThreadPlace>();
  for (const thread of threads) {
    const { placedVersion, filePath, placement, anchor } = thread;
    // Threads that stand in one file stay together; only a gone one is looked for by its own anchor.
    const key = JSON.stringify([
      placedVersion,
      filePath,
      placement === 'gone' ? [anchor.path, anchor.sha256] : null,
    ]);
    const known = paths.get(key);
    const path = known === undefined ? await locateFile(reader, thread, version) : known;
    paths.set(key, path);
    places.set(thread, await placeThread(reader, thread, version, path));
    // Comparing can take a while, and the process may be serving calls.
    await nextTurn();
  }
  return places;
}

/** Writes the new places of one batch, with one record in the audit log and an event for each that changed. */
async function writePlaces(
  em: EntityManager,
  projectId: string,
  version: number,
  places: Map<StaleThread, ThreadPlace>,
): Promise<Reanchored> {
  const changed: NewPlace[] = [];
  const same: { id: string; fromVersion: number }[] = [];
  for (const [thread, place] of places) {
    const row = { id: thread.id, fromVersion: thread.placedVersion };
    if (isSamePlace(thread, place)) same.push(row);
    else changed.push({ ...row, ...place });
  }
  const unchanged = same.length > 0 ? await bumpPlaces(em, version, same) : 0;
  const views = changed.length > 0 ? await putPlaces(em, changed) : [];
  for (const view of views) {
    emit(
      em,
      `project:${projectId}`,
      view.placement === 'current' ? 'thread.moved' : 'thread.outdated',
      () => view,
    );
  }
  const moved = views.filter((view) => view.placement === 'current').length;
  const outdated = views.length - moved;
  if (views.length > 0) {
    audit(em, {
      action: 'move',
      entityType: 'comment_threads',
      entityId: projectId,
      projectId,
      changes: { version: { new: version }, moved: { new: moved }, outdated: { new: outdated } },
    });
  }
  return { moved, outdated, unchanged };
}

/**
 * Brings the threads on files of a project to its latest version: each from its original anchor through the
 * diff of its file. Watchers hear `thread.moved` of a thread whose lines are elsewhere or back again, and
 * `thread.outdated` of one whose lines were changed, whose nearest line moved, or whose file is gone; nothing
 * of one that stands where it stood. Call it after the manifest has committed; to call it twice, or at the
 * same time, does no harm.
 */
export async function reanchorThreads(services: Services, projectId: string): Promise<Reanchored> {
  const total: Reanchored = { moved: 0, outdated: 0, unchanged: 0 };
  const em = services.orm.em.fork();
  const version = await findLatestVersion(em, projectId);
  if (version === null) return total;
  const reader = new ManifestReader(services, projectId);
  total.unchanged = await keepUnchanged(services, reader, version);
  for (;;) {
    const threads = await findStaleThreads(em, projectId, version, batchSize);
    if (threads.length === 0) return total;
    const places = await findPlaces(reader, threads, version);
    const done = await transact(services.orm, services.cause, (inner) =>
      writePlaces(inner, projectId, version, places),
    );
    total.moved += done.moved;
    total.outdated += done.outdated;
    total.unchanged += done.unchanged;
  }
}
