/** Every kind of job there is; workers read this list. */
import type { JobDefinition } from './defineJob.ts';
import { syncRepository } from './repositories.sync.ts';

export const handlers: ReadonlyMap<string, JobDefinition> = new Map(
  [syncRepository].map((definition) => [definition.type, definition]),
);
