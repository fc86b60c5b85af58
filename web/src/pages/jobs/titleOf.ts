/** What kinds of job do, in words. */
const titles: Record<string, string> = {
  'repositories.sync': 'Read the repository',
  'patterns.import': 'Import patterns',
  'media.probe': 'Look at a media file',
};

/** A kind of job in words; one that is not known here by its own name. */
export const titleOf = (jobType: string): string => titles[jobType] ?? jobType;

export const knownTypes = Object.keys(titles);
