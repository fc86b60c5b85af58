/** Every kind of job there is; workers read this list. */
import type { JobDefinition } from './defineJob.ts';
import { importPatterns } from './patterns.import.ts';
import { probeMedia } from './media.probe.ts';
import { syncRepository } from './repositories.sync.ts';

export const handlers: ReadonlyMap<string, JobDefinition> = new Map(
  [syncRepository, importPatterns, probeMedia].map((definition) => [definition.type, definition]),
);
