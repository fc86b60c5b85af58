import { v7 as uuidv7 } from 'uuid';
import { checkRepositoryUrl } from '../drivers/git/checkRepositoryUrl.ts';
import { openInPlace } from '../drivers/git/openInPlace.ts';
import { type Mirror, type MirrorOptions, openMirror } from '../drivers/git/openMirror.ts';
import type { BlobBatch } from '../drivers/storage/Storage.ts';
import { describeWarnings } from '../domain/repositories/describeWarnings.ts';
import { FirstFiles } from '../domain/repositories/FirstFiles.ts';
import { holdMirror, mirrorDir } from '../domain/repositories/holdMirror.ts';
import { KnownBlobs, areTextsStored } from '../domain/repositories/KnownBlobs.ts';
import { type ManifestFiles, ManifestComposer, isKeptOtherwise } from '../domain/repositories/Manifest.ts';
import { readFiles } from '../domain/repositories/readFiles.ts';
import { repositoryRules } from '../domain/repositories/repositoryRules.ts';
import { findRepositoryUrl } from '../domain/repositories/sql/findRepositoryUrl.ts';
import { readLatestManifest } from '../domain/repositories/sql/latestManifest.ts';
import { storeManifest } from '../domain/repositories/storeManifest.ts';
import { syncJobType, syncParams } from '../domain/repositories/syncParams.ts';
import { reanchorThreads } from '../domain/threads/reanchorThreads.ts';
import type { ManifestData } from '../entities/repositories/ProjectManifest.ts';
import { type JobContext, defineJob } from './defineJob.ts';

type Sync = JobContext<'fetch' | 'list' | 'hash' | 'write' | 'anchor'>;

/** Of fetching, receiving objects takes this much; the rest is putting them together. */
const receivingShare = 0.9;
const count = new Intl.NumberFormat('en');

/** Brings this node's mirror to where the repository stands now. */
async function fetchMirror(job: Sync, dir: string, ref: string | null): Promise<Mirror> {
  const { settings } = job;
  const url = await findRepositoryUrl(job.reads, job.projectId);
  const source = await checkRepositoryUrl(url, repositoryRules(settings));
  const options: MirrorOptions = {
    source,
    dir,
    signal: job.signal,
    ...(ref === null ? {} : { ref }),
    ...(settings.GIT_CREDENTIALS_FILE ? { credentialsFile: settings.GIT_CREDENTIALS_FILE } : {}),
    onProgress({ stage, percent }) {
      const part = percent / 100;
      const fraction =
        stage === 'receiving' ? part * receivingShare : receivingShare + part * (1 - receivingShare);
      job.progress('fetch', fraction, `${stage} objects`);
    },
  };
  return (await openInPlace(options)) ?? openMirror(options);
}

/** The files of the mirror's commit; what the last manifest knows of is not read again. */
async function readMirror(
  job: Sync,
  mirror: Mirror,
  previous: ManifestData | null,
  into: { texts: BlobBatch; composer: ManifestComposer; firstFiles: FirstFiles | null },
): Promise<ManifestFiles> {
  const maxTextBytes = job.settings.MAX_TEXT_BYTES;
  const isUsable = previous !== null && (await areTextsStored(job.storage, previous.files));
  job.progress('list', 0, 'listing files');
  return readFiles(mirror, {
    known: new KnownBlobs(isUsable ? previous : null, maxTextBytes),
    texts: into.texts,
    maxTextBytes,
    onListed: (listed) => job.progress('list', 1, `${count.format(listed)} files listed`),
    onHashed: (done, of) =>
      job.progress('hash', done / of, `${count.format(done)} of ${count.format(of)} files read`),
    onEntry(path, entry) {
      into.composer.add(path, entry);
      into.firstFiles?.add(path, entry);
    },
  });
}

/** `main` of `refs/heads/main`; anything that is neither branch nor tag as it is. */
function shortName(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, '');
}

/**
 * Reads the project's repository as it stands and makes it the project's newest manifest. Nothing of it is
 * seen before it is recorded, in one transaction; texts that were stored for a sync that then failed are
 * found again by the next one. The threads on its files follow when the manifest has committed.
 */
export const syncRepository = defineJob({
  type: syncJobType,
  params: syncParams,
  stages: { fetch: 10, list: 5, hash: 70, write: 10, anchor: 5 },
  async run(job, { ref }) {
    job.progress('fetch', 0, 'looking for the repository');
    const dir = mirrorDir(job.settings.DATA_DIR, job.projectId);
    using _held = await holdMirror(dir);
    await using mirror = await fetchMirror(job, dir, ref);
    const previous = await readLatestManifest(job.reads, job.projectId);
    await using texts = await job.storage.openBlobBatch();
    const { projectId } = job;
    const manifestId = uuidv7();
    const composer = new ManifestComposer();
    const firstFiles = previous === null ? new FirstFiles(job, { projectId, manifestId }) : null;
    const files = await readMirror(job, mirror, previous?.data ?? null, { texts, composer, firstFiles });
    job.progress('write', 0, 'recording the manifest');
    const filesRecorded = firstFiles?.finish() ?? null;
    filesRecorded?.catch(() => {});
    const warnings = describeWarnings(files, job.settings.MAX_TEXT_BYTES);
    const composed = composer.finish(warnings);
    await texts.commit();
    const name = shortName(mirror.ref);
    const stored = await job.transact((em) =>
      storeManifest(em, {
        jobId: job.jobId,
        projectId,
        manifestId,
        commitSha: mirror.commitSha,
        ref: name,
        defaultBranch: ref === null && mirror.ref.startsWith('refs/heads/') ? name : null,
        ...composed,
        fileCount: files.length,
        warnings,
        isKeptOtherwise: previous !== null && isKeptOtherwise(files, previous.data),
        filesRecorded,
      }),
    );
    // Also for a version that was there before: the sync that made it may have ended here.
    job.progress('anchor', 0, 'moving threads to where their lines are');
    const threads = await reanchorThreads(job, job.projectId);
    job.log.info(
      { version: stored.version, isNew: stored.isNew, files: files.length, threads },
      'a repository was synced',
    );
  },
});
