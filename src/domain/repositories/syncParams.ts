import { z } from 'zod';

/** Params of the job `repositories.sync`. */
export const syncParams = z.object({
  /** Branch, tag or commit; null: the default branch. */
  ref: z.string().nullable(),
});
export type SyncParams = z.infer<typeof syncParams>;

export const syncJobType = 'repositories.sync';
