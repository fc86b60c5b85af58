import type { EntityManager } from '@mikro-orm/postgresql';
import { Project } from '../../entities/projects/Project.ts';
import { RepoSync } from '../../entities/repositories/RepoSync.ts';
import { fail } from '../../errors.ts';
import { audit } from '../../events/audit.ts';
import { emit } from '../../events/emit.ts';
import { viewProject } from '../../views/projects.ts';
import { viewManifest } from '../../views/repositories.ts';
import type { ComposedManifest } from './Manifest.ts';
import { insertManifest } from './sql/insertManifest.ts';
import { type ManifestHead, holdLatestManifest } from './sql/latestManifest.ts';
import { markSynced } from './sql/markSynced.ts';
import { recordSourceFiles } from './sql/recordSourceFiles.ts';

/** What a sync found; the contents of its text files are in the storage. */
export interface SyncResult extends ComposedManifest {
  jobId: string;
  projectId: string;
  /** The id of the manifest, if one is made. */
  manifestId: string;
  commitSha: string;
  /** Short name of the branch or tag, or the commit that was asked for. */
  ref: string;
  /** Set when the default branch was synced. */
  defaultBranch: string | null;
  fileCount: number;
  warnings: string[];
  /** Whether some file is kept otherwise than the manifest before says, although the commit is the same. */
  isKeptOtherwise: boolean;
  /** Of a project's first manifest: resolves when `source_files` has its files, see FirstFiles. */
  filesRecorded: Promise<void> | null;
}

export interface StoredManifest extends ManifestHead {
  /** False: the repository stands where the latest manifest says, so that one was kept. */
  isNew: boolean;
}

async function addManifest(em: EntityManager, result: SyncResult, version: number): Promise<StoredManifest> {
  const { projectId, commitSha, ref, hash, fileCount, warnings } = result;
  const manifest = {
    id: result.manifestId,
    projectId,
    version,
    hash,
    commitSha,
    ref,
    fileCount,
    createdAt: new Date(),
  };
  await insertManifest(em, { ...manifest, data: result.data });
  emit(em, `project:${projectId}`, 'manifest.created', () => viewManifest({ ...manifest, warnings }));
  audit(em, {
    action: 'create',
    entityType: 'project_manifests',
    entityId: manifest.id,
    projectId,
    changes: {
      version: { new: version },
      commitSha: { new: commitSha },
      ref: { new: ref },
      fileCount: { new: fileCount },
    },
  });
  return { ...manifest, isNew: true };
}

/**
 * Makes what a sync found the project's newest manifest, with everything that follows from it, in the
 * caller's transaction. If commit and content are those of the latest manifest, no other is made.
 */
export async function storeManifest(em: EntityManager, result: SyncResult): Promise<StoredManifest> {
  const { jobId, projectId, commitSha, hash } = result;
  const latest = await holdLatestManifest(em, projectId);
  const isSame = latest?.commitSha === commitSha && latest.hash === hash && !result.isKeptOtherwise;
  const stored = isSame
    ? { ...latest, isNew: false }
    : await addManifest(em, result, (latest?.version ?? 0) + 1);
  await result.filesRecorded;
  // A manifest that came meanwhile has its own files; those recorded ahead were of a first one.
  const areFilesRecorded = latest ? isSame && !result.filesRecorded : result.filesRecorded !== null;
  if (!areFilesRecorded) await recordSourceFiles(em, stored.id);

  const sync = await em.findOne(RepoSync, { id: jobId, projectId });
  if (sync) sync.manifestId = stored.id;
  await markSynced(em, { projectId, syncedAt: new Date(), defaultBranch: result.defaultBranch });
  const project = (await em.findOne(Project, { id: projectId })) ?? fail('NOT_FOUND', { thing: 'project' });
  emit(em, `project:${projectId}`, 'project.updated', () => viewProject(project));
  return stored;
}
