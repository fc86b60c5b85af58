import { type GitWorld, runTestGit } from '../../drivers/makeRepository.ts';
import { waitFor } from '../../support/waitFor.ts';
import type { Place } from './Place.ts';
import type { Ids } from './world.ts';

const source = [
  "import { readRivers } from './rivers.ts';",
  '',
  '/** Finds the longest river of a country. */',
  'export function longestOf(country: string): string {',
  '  const rivers = readRivers(country);',
  '  let longest = rivers[0];',
  '  for (const river of rivers) {',
  '    if (river.length > longest.length) longest = river;',
  '  }',
  "  return longest?.name ?? 'none';",
  '}',
  '',
].join('\n');

const files = {
  'README.md': '# Rivers of Europe\n\nHow long they are, and how we know.\n',
  'data/danube.csv': 'place,km\nUlm,2588\nVienna,1929\nMouth,0\n',
  'data/rhine.csv': 'place,km\nBasel,167\nMouth,1033\n',
  'docs/sources.md': '# Sources\n\n- Gauges\n- Maps\n',
  'src/longest.ts': source,
  'src/rivers.ts':
    "import { readCsv } from './readCsv.ts';\n\nexport const readRivers = (country: string) => readCsv(`data/${country}`);\n",
  'src/readCsv.ts': "export const readCsv = (path: string) => path.split(',');\n",
  'src/old.ts': '// Lengths as they were measured in 1890.\nexport const lengths = { rhine: 1320 };\n',
};

/** Syncs, and waits until all is read and every thread has its place. */
async function sync({ people: { ada }, projectId }: Place): Promise<void> {
  const { id } = await ada.client.repositories.sync.mutate({ projectId });
  await waitFor(async () => {
    const { status } = await ada.client.jobs.get.query({ projectId, jobId: id });
    if (status !== 'completed') throw new Error(`The sync is ${status}.`);
  });
}

/** Files in two versions; threads that are open, resolved, outdated and without a place. */
export async function fillRepository(place: Place, git: GitWorld, repositoryUrl: string): Promise<Ids> {
  const { people, projectId } = place;
  const { ada, bob } = people;
  await git.commitFiles(repositoryUrl, files);
  await sync(place);
  const open = async (by: typeof ada, filePath: string, lines: readonly [number, number], body: string) => {
    const [lineStart, lineEnd] = lines;
    const on = { projectId, filePath, lineStart, lineEnd, body };
    return (await by.client.threads.create.mutate(on)).thread.id;
  };
  const answer = (by: typeof ada, threadId: string, body: string) =>
    by.client.comments.add.mutate({ projectId, threadId, body });
  const loop = await open(
    bob,
    'src/longest.ts',
    [7, 9],
    `Could \`reduce\` say this shorter, @${ada.username}?`,
  );
  await answer(ada, loop, 'It could, but **not clearer**.');
  await answer(bob, loop, 'Then let us keep it. A test for a country without rivers would be good.');
  await open(ada, 'src/longest.ts', [4, 4], 'Or the two-letter code?');
  const settled = await open(ada, 'data/rhine.csv', [3, 3], 'Since 2011 it is 1,233 km.');
  await answer(bob, settled, 'Corrected in the next version.');
  await ada.client.threads.resolve.mutate({ projectId, threadId: settled });
  const lost = await open(bob, 'src/old.ts', [2, 2], `Does anybody still need these, @${ada.username}?`);
  await answer(ada, lost, 'No. They go with the next sync.');
  runTestGit(repositoryUrl, ['rm', '--quiet', 'src/old.ts']);
  await git.commitFiles(repositoryUrl, { 'data/rhine.csv': 'place,km\nBasel,167\nMouth,1233\n' });
  await sync(place);
  await waitFor(async () => {
    const { thread } = await ada.client.threads.get.query({ projectId, threadId: lost });
    if (thread.placement !== 'gone') throw new Error(`The thread is ${thread.placement}.`);
  });
  return { threadId: lost, loop };
}
