import { z } from 'zod';

export const probeJobType = 'media.probe';
export const probeParams = z.object({ mediaId: z.uuid() });
export type ProbeParams = z.infer<typeof probeParams>;
