import type { Found, FoundKind } from './found.ts';

/** Where something that was found is shown, as a link takes it. */
export interface Target {
  to: string;
  search?: Record<string, string>;
  hash?: string;
}

type Of = (item: Found) => Target;

const pattern =
  (list: string): Of =>
  ({ project, id }) => ({ to: `/projects/${project.id}/patterns/${list}/${id}` });
/** Part of something: its page, at its place. */
const part =
  (list: string): Of =>
  ({ project, parentId, id }) => ({ to: `/projects/${project.id}/patterns/${list}/${parentId}`, hash: id });

const targets: Record<FoundKind, Of> = {
  project: ({ id }) => ({ to: `/projects/${id}` }),
  field: pattern('fields'),
  model: pattern('models'),
  collection: pattern('collections'),
  category: pattern('categories'),
  vocabulary: pattern('vocabularies'),
  ontology: pattern('ontologies'),
  vocabularyTerm: part('vocabularies'),
  ontologyClass: part('ontologies'),
  issue: ({ project, identifier }) => ({ to: `/projects/${project.id}/issues/${identifier}` }),
  task: ({ project, id }) => ({ to: `/projects/${project.id}/tasks/${id}` }),
  milestone: ({ project, id }) => ({ to: `/projects/${project.id}/tasks/milestones/${id}` }),
  thread: ({ project, id }) => ({ to: `/projects/${project.id}/threads/${id}` }),
  comment: ({ project, parentId }) => ({ to: `/projects/${project.id}/threads/${parentId}` }),
  file: ({ project, identifier }) => ({
    to: `/projects/${project.id}/files/view`,
    search: { path: identifier ?? '' },
  }),
};

/** Where to go for something that was found. */
export const linkOf = (item: Found): Target => targets[item.kind](item);
