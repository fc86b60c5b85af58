/** Every entity of media, and the parts that their jobs are made of. */
import { JobSegment } from '../jobs/JobSegment.ts';
import { MediaFile } from './MediaFile.ts';
import { MediaJob } from './MediaJob.ts';

export const mediaEntities = [MediaFile, MediaJob, JobSegment];
