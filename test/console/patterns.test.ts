/** Patterns: composed by keyboard before the other's eyes, their history, their search, and their import. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Person, TestServer } from '../support/server.ts';
import { axe, phone, test, openConsole, startConsole } from './support/openConsole.ts';
import { fitsNarrow } from './support/fitsNarrow.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let projectId: string;
let modelId: string;
let titleId: string;

beforeAll(async () => {
  server = await startConsole();
  ada = await server.person('Ada');
  bob = await server.person('Bob');
  projectId = (await ada.client.projects.create.mutate({ name: 'Museum', visibility: 'private' })).id;
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'developer' });
  const make = (name: string, description = '') =>
    ada.client.fields.create.mutate({ projectId, name, description });
  titleId = (await make('Title', 'What it is called on its label')).id;
  await make('Birth date', 'When the person was born');
  await make('Maker', 'Who made it');
  modelId = (
    await ada.client.models.create.mutate({
      projectId,
      name: 'Portrait',
      description: 'A picture of a person',
    })
  ).id;
});
afterAll(() => server.close());

const at = (path: string) => `/projects/${projectId}/patterns${path}`;
const partsOf = (page: Page) => page.getByRole('list', { name: 'Fields of Portrait' }).getByRole('listitem');

test('a model is composed by keyboard, the other sees it at once, and a clash loses nothing', async () => {
  await using hers = await openConsole(server, ada, at(`/models/${modelId}`));
  await using his = await openConsole(server, bob, at(`/models/${modelId}`));
  const { page } = hers;
  await page.getByRole('button', { name: 'Change the fields' }).press('Enter');
  const add = page.getByRole('combobox', { name: 'Add a field' });
  for (const [typed, name] of [
    ['titl', 'Title'],
    ['birth', 'Birth date'],
    ['make', 'Maker'],
  ] as const) {
    await add.fill(typed);
    await page.getByRole('option', { name: new RegExp(`^${name}`) }).waitFor();
    await add.press('ArrowDown');
    await add.press('Enter');
    await page.getByRole('button', { name: `Drag ${name}` }).waitFor();
  }
  await page.getByRole('combobox', { name: 'Cardinality of Title' }).selectOption('1');
  const handle = page.getByRole('button', { name: 'Drag Birth date' });
  await handle.press('Space');
  await page.getByText('At number 2 of 3.').waitFor({ state: 'attached' });
  await handle.press('ArrowUp');
  await page.getByText('At number 1 of 3.').waitFor({ state: 'attached' });
  await handle.press('Space');
  await page.getByRole('button', { name: 'Move Maker up' }).press('Enter');
  await expect.poll(() => partsOf(page).allInnerTexts()).toHaveLength(3);
  await page.getByRole('button', { name: 'Save the fields' }).press('Enter');

  const order = async (reader: Page) =>
    (await partsOf(reader).allInnerTexts()).map((text) => /Title|Birth date|Maker/.exec(text)?.[0]);
  await expect.poll(() => order(his.page)).toEqual(['Birth date', 'Maker', 'Title']);
  await his.page.getByText('exactly one').waitFor();

  await his.page.getByRole('button', { name: 'Change the fields' }).click();
  await his.page.getByRole('button', { name: 'Take Maker out' }).click();
  await ada.client.models.setFields.mutate({
    projectId,
    modelId,
    fields: [{ fieldId: titleId, cardinality: '+' }],
  });
  await his.page.getByText('These were changed while you were at it.').waitFor();
  await his.page.getByText('Title: exactly one → one or more').waitFor();
  await axe(his.page);
  await his.page.getByRole('button', { name: 'Keep mine' }).click();
  await his.page.getByRole('button', { name: 'Save the fields' }).click();
  await expect.poll(() => order(page)).toEqual(['Birth date', 'Title']);

  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('heading', { name: 'History of Portrait of Museum' }).waitFor();
  const second = page.getByRole('listitem', { name: 'Version 2', exact: true });
  await second.getByText('Title (exactly one), as number 3').waitFor();
  await page
    .getByRole('listitem', { name: 'Version 3', exact: true })
    .getByText('Maker', { exact: true })
    .waitFor();
  await page.getByRole('button', { name: 'Show the whole of version 2' }).click();
  await page.getByRole('group', { name: 'As it was at version 2' }).getByText('Maker (any number)').waitFor();
});

test('a slip of the pen is forgiven, in the search of everything and in that of the patterns', async () => {
  await using hers = await openConsole(server, ada, at(''));
  const { page } = hers;
  await page.getByLabel('Search the patterns of this project').fill('portrat');
  await page.getByText('Nothing is called “portrat”. Did you mean one of these?').waitFor();
  await page.getByRole('list', { name: 'Found' }).getByRole('link', { name: 'Portrait' }).waitFor();
  await page.getByLabel('Search the patterns of this project').fill('person');
  await page.getByRole('group', { name: 'Which kinds' }).waitFor();

  await page.keyboard.press('Control+K');
  const everything = page.getByRole('combobox', { name: /Projects, patterns, tasks/ });
  await everything.fill('birht');
  await page.getByText('Nothing is called “birht”. Did you mean:').waitFor();
  await axe(page);
  await everything.fill('muse');
  await page.getByRole('option', { name: /^Museum/ }).waitFor();
  await everything.fill('birth');
  await page.getByRole('group', { name: 'Fields (1)' }).waitFor();
  await everything.press('ArrowDown');
  await everything.press('Enter');
  await page.getByRole('heading', { name: 'Birth date of Museum' }).waitFor();
});

test('a field is made, changed by two at once, deleted and restored; the project is starred and watched', async () => {
  await using hers = await openConsole(server, ada, at('/fields'));
  await using his = await openConsole(server, bob, at('/fields'), { viewport: phone });
  const { page } = hers;
  await page.getByRole('button', { name: 'Star (0)' }).click();
  await his.page.getByRole('button', { name: 'Star (1)' }).waitFor();
  await page.getByRole('button', { name: /^Tell me of/ }).click();
  await page.getByRole('menuitemradio', { name: /^Everything/ }).click();
  await page.getByRole('button', { name: 'Tell me of: Everything' }).waitFor();

  await page.getByRole('link', { name: 'New field' }).click();
  await page.getByLabel(/^Name/).fill('Height');
  await page.getByLabel('URI').fill('no uri');
  await page.getByRole('button', { name: 'Make the field' }).click();
  await page.getByText('must be a full URI').waitFor();
  await axe(page);
  await page.getByLabel('URI').fill('http://example.org/height');
  await page.getByRole('button', { name: 'Make the field' }).click();
  await page.getByRole('heading', { name: 'Height of Museum' }).waitFor();
  await his.page.getByRole('link', { name: 'Height' }).waitFor();
  await his.page.getByRole('link', { name: 'Height' }).click();
  await his.page.getByRole('link', { name: 'Edit', exact: true }).click();
  await his.page.getByLabel('Description').fill('In centimetres');
  const fieldId = /fields\/([^/]+)/.exec(page.url())?.[1] ?? '';
  await ada.client.fields.update.mutate({ projectId, fieldId, name: 'Full height' });
  await his.page.getByText('Name: Height → Full height').waitFor();
  await axe(his.page);
  await fitsNarrow(his.page);
  await his.page.getByLabel(/^Name/).fill('Full height');
  await his.page.getByRole('button', { name: 'Keep mine' }).click();
  await his.page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('In centimetres').waitFor();

  await page.getByRole('button', { name: 'Delete Full height' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete Full height' }).click();
  await page.getByRole('heading', { name: 'Fields of Museum' }).waitFor();
  await page.getByRole('link', { name: 'Full height' }).waitFor({ state: 'detached' });
  await page.getByLabel('Show deleted fields').press('Space');
  await page.getByRole('button', { name: 'Restore Full height' }).click();
  await page.getByText('No fields are deleted.').waitFor();
});

test('terms and classes stand in trees, a field says what it means, and another project adopts it', async () => {
  const { client } = ada;
  const { id: vocabularyId } = await client.vocabularies.create.mutate({ projectId, name: 'Materials' });
  const { id: ontologyId } = await client.ontologies.create.mutate({
    projectId,
    name: 'CIDOC CRM',
    prefix: 'crm',
  });
  const uri = 'http://www.cidoc-crm.org/cidoc-crm/P102_has_title';
  await client.ontologies.addClass.mutate({
    projectId,
    ontologyId,
    kind: 'property',
    name: 'has title',
    uri,
  });
  await client.categories.create.mutate({ projectId, name: 'Labels' });
  await using hers = await openConsole(server, ada, at(`/vocabularies/${vocabularyId}`));
  const { page } = hers;
  const add = async (button: string, name: string) => {
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('dialog').getByLabel(/^Name/).fill(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Add the term' }).click();
    await page.getByRole('button', { name: `Edit ${name}` }).waitFor();
  };
  await add('Add a term', 'Metal');
  await add('Add below Metal', 'Bronze');
  await page.getByRole('button', { name: 'What is below Metal' }).click();
  await page.getByRole('button', { name: 'Edit Bronze' }).waitFor({ state: 'detached' });
  await page.goto(`${server.url}${at(`/ontologies/${ontologyId}`)}`);
  await page.getByText(uri).waitFor();
  await page.goto(`${server.url}${at('/categories')}`);
  await page.getByRole('link', { name: 'Labels' }).waitFor();

  await page.goto(`${server.url}${at(`/fields/${titleId}`)}`);
  await page.getByRole('button', { name: 'Change the meaning' }).click();
  await page.getByRole('combobox', { name: 'Add a class or property' }).fill('has title');
  await page.getByRole('option', { name: /^has title/ }).click();
  await page.getByRole('button', { name: 'Save the meaning' }).click();
  await page.getByRole('button', { name: 'Change the meaning' }).waitFor();

  const other = await client.projects.create.mutate({ name: 'Archive', visibility: 'private' });
  await page.goto(`${server.url}/projects/${other.id}/patterns/models`);
  await page.getByRole('button', { name: 'Adopt a model' }).click();
  await page.getByRole('combobox', { name: 'Find a model of another project' }).fill('portrait');
  await page.getByRole('option', { name: /^Portrait.*in Museum/ }).click();
  await page.getByText('Adopted from Museum', { exact: true }).waitFor();
});

test('files are imported: tried first, then run, and rows that cannot be taken say why', async () => {
  await using hers = await openConsole(server, ada, at('/imports'));
  const { page } = hers;
  await page.getByText('Nothing has been imported yet.').waitFor();
  const files = [
    { name: 'fields.csv', content: 'Name,Description\nWidth,How wide\n,nameless\nDepth,How deep\n' },
    { name: 'models.csv', content: 'Name,Fields\nStatue,"Width, Depth"\nBox,Nowhere\n' },
  ];
  const inputs = page.locator('input[type=file]');
  for (const [index, { name, content }] of files.entries())
    await inputs.nth(index * 2).setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  await page.getByRole('button', { name: 'Upload the files' }).click();
  await page.getByText('It has not been run yet.').waitFor();
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('This would happen; nothing was changed.').waitFor();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const done = page.getByRole('region', { name: 'Import' });
  await done.getByText('It is done.').waitFor();
  const rejected = done.getByRole('table', { name: 'Rejected rows' });
  await expect.poll(() => rejected.getByRole('row').count()).toBe(3);
  await page.getByRole('navigation', { name: 'Patterns' }).getByRole('link', { name: 'Models' }).click();
  await page.getByRole('link', { name: 'Statue' }).click();
  await page.getByText('Imported from 1 row').waitFor();
});
