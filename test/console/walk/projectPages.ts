import type { Page } from 'playwright-core';
import type { Visits } from './Visit.ts';

const at = (path: string) => `/projects/$projectId${path}`;
const pattern = (path = '') => at(`/patterns/$kind/$patternId${path}`);

async function openComposition(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Change the fields' }).click();
  await page.getByRole('button', { name: 'Drag Title' }).waitFor();
}

async function searchEverything(page: Page): Promise<void> {
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: /Projects, patterns, tasks/ }).fill('birth');
  await page.getByRole('group', { name: 'Fields (1)' }).waitFor();
}

async function searchPatterns(page: Page): Promise<void> {
  await page.getByLabel('Search the patterns of this project').fill('person');
  await page.getByRole('group', { name: 'Which kinds' }).waitFor();
}

async function showVersion(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Show the whole of version 2' }).click();
  await page.getByRole('group', { name: 'As it was at version 2' }).waitFor();
}

async function showAttempts(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Look at attempts/ })
    .last()
    .click();
  await page.getByRole('list', { name: 'Attempts' }).getByText('200').waitFor();
}

/** Pages of a project, by somebody who may do everything in it. */
export const projectPages: Visits = {
  [at('/activity')]: { picture: 'activity', shows: 'updated a project' },
  [at('/files')]: { picture: 'files', shows: 'longest.ts' },
  [at('/files/view')]: {
    picture: 'file',
    shows: 'Or the two-letter code?',
    rest: ({ loop }) => `?path=src/longest.ts&thread=${loop}#L7-L9`,
    act: (page) => page.getByText('A test for a country without rivers').first().waitFor(),
  },
  [at('/threads')]: { picture: 'threads', shows: /^Which one shall we take/ },
  [at('/threads/$threadId')]: { picture: 'thread', shows: 'They go with the next sync.' },
  [at('/tasks')]: [
    { picture: 'tasks', shows: 'Read the proofs' },
    { picture: 'task-list', shows: 'Order the paper', rest: () => '?view=list' },
  ],
  [at('/tasks/new')]: { picture: 'new-task', shows: 'Make the task' },
  [at('/tasks/milestones')]: { picture: 'milestones', shows: 'Second edition' },
  [at('/tasks/milestones/new')]: { picture: 'new-milestone', shows: 'Make the milestone' },
  [at('/tasks/milestones/$milestoneId')]: {
    picture: 'milestone',
    shows: 'Read the proofs',
    act: (page) => page.getByRole('img', { name: /tasks remain/ }).waitFor(),
  },
  [at('/tasks/$taskId')]: { picture: 'task', shows: 'The printer needs two days of notice.' },
  [at('/issues')]: { picture: 'issues', shows: 'The Rhine is too short' },
  [at('/issues/new')]: { picture: 'new-issue', shows: 'Open the issue' },
  [at('/issues/$number')]: { picture: 'issue', shows: 'The old one goes into a note.' },
  [at('/jobs')]: { picture: 'jobs', shows: '30%' },
  [at('/jobs/$jobId')]: { picture: 'job', shows: 'The storm' },
  [at('/media')]: { picture: 'media', shows: 'cut-off.wav' },
  [at('/media/$mediaId')]: { picture: 'media-file', shows: '1 channel' },
  [at('/webhooks')]: { picture: 'webhooks', shows: 'issue.*' },
  [at('/webhooks/$webhookId')]: { picture: 'webhook', shows: 'ping', act: showAttempts },
  [at('/patterns')]: [
    { picture: 'patterns', shows: 'Fields', act: searchPatterns },
    {
      picture: 'search',
      shows: 'Fields',
      act: searchEverything,
      leave: (page) => page.keyboard.press('Escape'),
    },
  ],
  [at('/patterns/imports')]: { picture: 'imports', shows: 'Upload the files' },
  [at('/patterns/imports/$importId')]: { picture: 'import', shows: 'It is done.' },
  [at('/patterns/$kind')]: [
    { picture: 'models', shows: 'A picture of a person' },
    { picture: 'categories', shows: 'Pictures', ids: () => ({ kind: 'categories' }) },
  ],
  [at('/patterns/$kind/new')]: {
    picture: 'new-field',
    shows: 'Make the field',
    ids: () => ({ kind: 'fields' }),
  },
  [pattern()]: [
    { picture: 'model', shows: 'one or more' },
    { picture: 'compose', shows: 'Save the fields', act: openComposition },
    {
      picture: 'field',
      shows: 'What it is called on its label',
      ids: ({ fieldId = '' }) => ({ kind: 'fields', patternId: fieldId }),
    },
    {
      picture: 'vocabulary',
      shows: 'Bronze',
      ids: ({ vocabularyId = '' }) => ({ kind: 'vocabularies', patternId: vocabularyId }),
    },
    {
      picture: 'ontology',
      shows: 'has title',
      ids: ({ ontologyId = '' }) => ({ kind: 'ontologies', patternId: ontologyId }),
    },
  ],
  [pattern('/edit')]: { picture: 'edit-model', shows: 'Save' },
  [pattern('/history')]: { picture: 'pattern-history', shows: 'Version 2', act: showVersion },
  [at('/members')]: { picture: 'members', shows: 'Cleo' },
  [at('/settings')]: { picture: 'project-settings', shows: 'Delete the project' },
  [at('/audit')]: { picture: 'project-audit', shows: 'What maps, films and museums say of them.' },
};
