import { z } from 'zod';

/** Params of the job `patterns.import`. */
export const importParams = z.object({ importId: z.string(), isDryRun: z.boolean() });

export const importJobType = 'patterns.import';
