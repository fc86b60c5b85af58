import { z } from 'zod';
import { moment, uuid } from './columns.ts';

/** The files of a repository at one commit, without the files themselves (`repositories.files` lists them). */
export const manifestView = z.object({
  id: uuid,
  projectId: uuid,
  version: z.number(),
  commitSha: z.string(),
  ref: z.string(),
  hash: z.string(),
  fileCount: z.number(),
  /** What was recorded but not followed or not kept, in sentences. */
  warnings: z.array(z.string()),
  createdAt: moment,
});
export type ManifestView = z.infer<typeof manifestView>;
