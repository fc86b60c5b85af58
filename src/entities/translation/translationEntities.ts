/** Every entity of the documentation's translation. */
import { FileTranslation } from './FileTranslation.ts';
import { ProjectTarget } from './ProjectTarget.ts';
import { TranslationJob } from './TranslationJob.ts';
import { TranslationSegment } from './TranslationSegment.ts';

export const translationEntities = [ProjectTarget, FileTranslation, TranslationSegment, TranslationJob];
