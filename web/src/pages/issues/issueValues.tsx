import type { Inputs, Outputs } from 'tessera-client';
import type { ActorRef } from '../../kit/Person.tsx';

export type Issue = Outputs['issues']['list']['items'][number];

/** Addresses of these pages. */
export const issuesPath = (projectId: string) => `/projects/${projectId}/issues`;
export const issuePath = (projectId: string, number: number) => `${issuesPath(projectId)}/${number}`;

/** What the form of an issue holds, under the names that the server gives to what is wrong. */
export type IssueValues = {
  title: string;
  body: string;
  labels: string[];
  assigneeId: ActorRef | null;
};

export const valuesOf = ({ title, body, labels, assignee }: Issue): IssueValues => ({
  title,
  body,
  labels,
  assigneeId: assignee,
});

/** As the server takes it: only what is given. */
export function toInput({ assigneeId, ...rest }: Partial<IssueValues>) {
  const input: Omit<Partial<Inputs['issues']['update']>, 'projectId' | 'issueId'> = { ...rest };
  if (assigneeId !== undefined) input.assigneeId = assigneeId?.id ?? null;
  return input;
}

/** What each field is called, and how its value is told. */
export const issueFields = {
  title: { label: 'Title', show: (title: string) => `“${title}”` },
  body: { label: 'Description', show: (text: string) => (text === '' ? 'empty' : `“${text}”`) },
  labels: { label: 'Labels', show: (labels: string[]) => (labels.length === 0 ? 'none' : labels.join(', ')) },
  assigneeId: { label: 'Assignee', show: (actor: ActorRef | null) => actor?.name ?? 'nobody' },
};
