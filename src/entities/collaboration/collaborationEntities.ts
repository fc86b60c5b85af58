/** Every entity of the assistant's jobs, refactorings and previews. */
import { AiJob } from './AiJob.ts';
import { PreviewCleanupEvent } from './PreviewCleanupEvent.ts';
import { PreviewSession } from './PreviewSession.ts';
import { RefactorJob } from './RefactorJob.ts';

export const collaborationEntities = [AiJob, RefactorJob, PreviewSession, PreviewCleanupEvent];
