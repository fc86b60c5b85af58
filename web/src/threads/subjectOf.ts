/** What a thread can be about besides lines of a file, and where below the project that is shown. */
const pages: Record<string, string> = {
  issue: 'issues',
  task: 'tasks',
  milestone: 'tasks/milestones',
  job: 'jobs',
  category: 'patterns/categories',
  field: 'patterns/fields',
  model: 'patterns/models',
  collection: 'patterns/collections',
  ontology: 'patterns/ontologies',
  vocabulary: 'patterns/vocabularies',
};

interface Subject {
  /** As in “About an issue”. */
  name: string;
  to: string;
}

/** What a thread is about, and the page that shows it; undefined for one about lines of a file. */
export function subjectOf(thread: {
  projectId: string;
  subjectType: string | null;
  subjectId: string | null;
}): Subject | undefined {
  const { projectId, subjectType, subjectId } = thread;
  if (subjectType === null) return undefined;
  const page = pages[subjectType];
  if (page === undefined) return { name: `the ${subjectType}`, to: `/projects/${projectId}` };
  const article = /^[aeiou]/.test(subjectType) ? 'an' : 'a';
  return { name: `${article} ${subjectType}`, to: `/projects/${projectId}/${page}/${subjectId}` };
}
