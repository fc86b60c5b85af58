import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { ManifestEntry } from '../../src/entities/repositories/ProjectManifest.ts';
import type { TestServer } from './server.ts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/**
 * Gives a project its next manifest as a sync would leave it, without a repository.
 * @param files text by path; a Buffer stands for a binary file, whose content is not kept.
 * @returns its version.
 */
export async function putManifest(
  server: TestServer,
  projectId: string,
  files: Record<string, string | Buffer>,
): Promise<number> {
  const { reads, storage } = server.tessera.services;
  const entries: Record<string, ManifestEntry> = {};
  const blobs: { sha256: string; bytes: Buffer }[] = [];
  for (const [path, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const kind = typeof content === 'string' ? 'text' : 'binary';
    if (kind === 'text') blobs.push({ sha256: sha256(bytes), bytes });
    entries[path] = {
      sha256: sha256(bytes),
      size: bytes.length,
      mode: '100644',
      oid: sha256(bytes).slice(0, 40),
      kind,
    };
  }
  await storage.putBlobs(blobs);
  const data = JSON.stringify({ files: entries, warnings: [] });
  const { rows } = await reads.query<{ version: number }>(
    `insert into project_manifests (id, project_id, version, data, hash, commit_sha, ref, file_count)
     select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, 'main', $6 from project_manifests where project_id = $2
     returning version`,
    [
      uuidv7(),
      projectId,
      data,
      sha256(Buffer.from(data)),
      sha256(Buffer.from(uuidv7())).slice(0, 40),
      Object.keys(files).length,
    ],
  );
  return rows[0]?.version ?? 0;
}
