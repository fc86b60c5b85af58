/** What goes on in the background, seen from the console: jobs, media files, webhooks. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from 'vitest';
import { startReceiver } from '../support/receiver.ts';
import type { Person, TestServer } from '../support/server.ts';
import { type FilmJobs, startFilmJobs } from './support/filmJobs.ts';
import { axe, openConsole, startConsole, test } from './support/openConsole.ts';

let server: TestServer;
let films: FilmJobs;
let folder: string;
let ada: Person;
let bob: Person;
const closing = new AsyncDisposableStack();

beforeAll(async () => {
  server = await startConsole({ settings: { WEBHOOK_TARGETS: '127.0.0.1', WEBHOOK_HTTP: 'true' } });
  closing.defer(() => server.close());
  folder = await mkdtemp(join(tmpdir(), 'tessera-console-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  ada = await server.person('Ada');
  bob = await server.person('Bob');
  films = closing.use(await startFilmJobs(server, ada));
});
afterAll(() => closing.disposeAsync());

const makeProject = async (name: string) => {
  const { id: projectId } = await ada.client.projects.create.mutate({ name });
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'viewer' });
  return projectId;
};

test('a job moves before the eyes of two, fails in a part with its remedy, and is retried and cancelled', async () => {
  const projectId = await makeProject('Films');
  await using his = await openConsole(server, bob, `/projects/${projectId}/jobs`);
  await his.page.getByText('Nothing has been asked for yet.').waitFor();
  const filmId = await films.subtitle(projectId, 'The river');
  const endlessId = await films.listen(projectId);
  const endlessRow = his.page.getByRole('row', { name: /films\.listen/ });
  await endlessRow.getByText('Running').waitFor();
  await endlessRow.getByText('30%').waitFor();

  await using hers = await openConsole(server, ada, `/projects/${projectId}/jobs/${filmId}`);
  const { page } = hers;
  await page.getByText('write: 2 of 4 parts done').waitFor();
  await page.getByRole('progressbar', { name: 'Stage listen' }).waitFor();
  const storm = page.getByRole('row', { name: /The storm/ });
  await storm.getByText('Running').waitFor();
  films.release();
  await page.getByText('Of 4 segments').waitFor();
  await storm.getByText('Failed').waitFor();
  await storm.getByText('The repository').waitFor();
  films.mend();
  await storm.getByRole('button', { name: 'Retry The storm' }).click();
  await storm.getByText('Done').waitFor();
  await page.getByRole('main').getByText('write: 4 of 4 parts done').waitFor();
  await his.page
    .getByRole('row', { name: /films\.subtitle/ })
    .getByText('100%')
    .waitFor();

  await page.goto(`${server.url}/projects/${projectId}/jobs/${endlessId}`);
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
  await endlessRow.getByText('Cancelled').waitFor();
  await page.getByRole('button', { name: 'Retry the job' }).waitFor();
  await his.page.getByRole('combobox', { name: 'State' }).click();
  await his.page.getByRole('option', { name: 'Done' }).click();
  await endlessRow.waitFor({ state: 'detached' });
});

test('a file is uploaded, goes on after a reload, becomes ready, and is renamed, deleted and restored', async () => {
  const projectId = await makeProject('Sounds');
  const talk = join(folder, 'talk.wav');
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=2', talk]);
  const broken = join(folder, 'broken.wav');
  await writeFile(broken, (await readFile(talk)).subarray(0, 60_000));

  await using hers = await openConsole(server, ada, `/projects/${projectId}/media`);
  await using his = await openConsole(server, bob, `/projects/${projectId}/media`);
  const { page } = hers;
  await page.getByText('There are no media files yet.').waitFor();
  await page.getByText('are used by all projects').waitFor();

  // Nothing gets through; the page is loaded anew; then the file goes on.
  await page.route('**/tus/**', (route) => route.abort());
  await page.locator('input[type=file]').first().setInputFiles(talk);
  await page.getByText('waits for the connection').waitFor();
  await axe(page);
  await page.reload();
  const uploads = page.getByRole('list', { name: 'Uploads' });
  await uploads.getByText('has stopped').waitFor();
  await page.unroute('**/tus/**');
  await uploads.locator('input[type=file]').setInputFiles(talk);
  const row = (of: typeof page) => of.getByRole('row', { name: /talk\.wav/ });
  await row(page).getByText('Ready').waitFor();
  await uploads.waitFor({ state: 'detached' });
  await row(his.page).getByText('Ready').waitFor();
  await row(his.page).getByText('0:02').waitFor();
  expect((await ada.client.media.list.query({ projectId })).items).toHaveLength(1);

  await page.locator('input[type=file]').first().setInputFiles(broken);
  const brokenRow = page.getByRole('row', { name: /broken\.wav/ });
  await brokenRow.getByText('Failed', { exact: true }).waitFor();
  await brokenRow.getByText('upload it whole').waitFor();

  await row(page).getByRole('link', { name: 'talk.wav' }).click();
  await page.getByText('1 channel').waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download talk.wav' }).click();
  const saved = await downloading;
  expect(await readFile(await saved.path())).toEqual(await readFile(talk));
  await page.getByRole('textbox', { name: /^Name/ }).fill('Opening talk.wav');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('heading', { name: 'Opening talk.wav of Sounds' }).waitFor();
  await page.getByRole('button', { name: 'Delete Opening talk.wav' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete Opening talk.wav' }).click();
  await page.getByRole('heading', { name: 'Media of Sounds' }).waitFor();
  await his.page.getByRole('row', { name: /Opening talk/ }).waitFor({ state: 'detached' });
  await page.getByText('Deleted', { exact: true }).click();
  await page.getByRole('button', { name: 'Restore Opening talk.wav' }).click();
  await his.page.getByRole('row', { name: /Opening talk/ }).waitFor();
});

test('a webhook is made, shows its secret once, is pinged, replayed, and switched off', async () => {
  await using receiver = await startReceiver();
  const projectId = await makeProject('Hooks');
  await using hers = await openConsole(server, ada, `/projects/${projectId}/webhooks`);
  const { page } = hers;
  await page.getByText('There are no webhooks yet.').waitFor();
  await page.getByRole('button', { name: 'New webhook' }).click();
  await page.getByRole('textbox', { name: /^Address/ }).fill(receiver.url);
  await page.getByRole('combobox', { name: /^Events/ }).fill('issue.*');
  await page.getByRole('option', { name: 'issue.*' }).click();
  await page.keyboard.press('Escape');
  await axe(page);
  await page.getByRole('button', { name: 'Make the webhook' }).click();
  await page.getByText('it is not shown again').waitFor();
  await axe(page);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('cell', { name: 'issue.*' }).waitFor();
  await page.getByRole('link', { name: receiver.url }).click();
  await page.getByText('Nothing was sent yet.').waitFor();
  await page.getByRole('button', { name: 'Send a test message' }).click();
  const row = page.getByRole('row', { name: /ping/ }).first();
  await row.getByText('Delivered').waitFor();
  await row.getByRole('button', { name: /^Look at attempts/ }).click();
  await page.getByRole('list', { name: 'Attempts' }).getByText('200').waitFor();
  await row.getByRole('button', { name: /^Send again .*ping/ }).click();
  expect(await receiver.until(2)).toHaveLength(2);
  await page.getByRole('button', { name: 'Replace the secret' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replace the secret' }).click();
  await page.getByText('it is not shown again').waitFor();
  await page.getByText('The secret before signs besides').waitFor();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('button', { name: 'Switch on' }).waitFor();
  await page.getByRole('button', { name: 'Delete the webhook' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the webhook' }).click();
  await page.getByText('There are no webhooks yet.').waitFor();
});
