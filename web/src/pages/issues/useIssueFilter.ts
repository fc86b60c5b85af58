import { useSearchState } from '../../kit/useSearchState.ts';
import type { Issue } from './issueValues.tsx';

/** Which issues are shown; kept in the address. */
export interface IssueFilter {
  state: Issue['state'] | 'all';
  assignee: string | undefined;
  /** All of them. */
  labels: readonly string[];
}

function readLabels(text: string | undefined): string[] {
  try {
    const read: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(read) ? read.map(String) : [];
  } catch {
    return [];
  }
}

export function useIssueFilter(): [IssueFilter, (changes: Record<string, string | undefined>) => void] {
  const [{ state, assignee, labels }, change] = useSearchState();
  const shown = state === 'closed' || state === 'all' ? state : 'open';
  return [
    { state: shown, assignee, labels: readLabels(labels) },
    (changes) => change({ ...changes, ...(changes['labels'] === '[]' ? { labels: undefined } : {}) }),
  ];
}

/** As `issues.list` takes it. */
export const inputOf = ({ state, assignee, labels }: IssueFilter) => ({
  ...(state === 'all' ? {} : { state }),
  ...(assignee === undefined ? {} : { assigneeId: assignee }),
  ...(labels.length === 0 ? {} : { labels: [...labels] }),
});

/** Whether an issue is among them: what changes is told to every list. */
export const isAmong = (issue: Issue, { state, assignee, labels }: IssueFilter) =>
  (state === 'all' || issue.state === state) &&
  (assignee === undefined || issue.assignee?.id === assignee) &&
  labels.every((label) => issue.labels.includes(label));
