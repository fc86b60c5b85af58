/** The client as it is published, used by an application that has only what the client declares. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildClient } from '../../client/build.ts';
import { publishedManifest } from '../../client/publishedManifest.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
let application: string;
let installed: string;
/** What the compiler objects to in both programs; a compilation takes seconds, whatever is in it. */
let faults: Fault[];

const right = `
import { createTesseraClient, readFailure, type Inputs, type Outputs, type Watched } from 'tessera-client';

const client = createTesseraClient({ url: 'http://127.0.0.1:3000', getToken: async () => null });
const projectId: string = (await client.projects.list.query({})).items[0]!.id;
const input: Inputs['comments']['add'] = { projectId, threadId: projectId, body: 'Hello', mutationId: 'one' };
const comment: Outputs['comments']['add'] = await client.comments.add.mutate(input);
const written: Date = comment.createdAt;
const show = (event: Watched<'threads'>): string | undefined =>
  event.type === 'comment.added' ? event.payload.body : event.type === 'snapshot' ? event.threads[0]?.thread.title ?? '' : undefined;
const watching = client.threads.watch.subscribe({ projectId }, {
  onData: ({ id, data }) => console.log(id.length, data.seq, show(data), written.getTime()),
  onError: (error) => console.log(readFailure(error)?.remedy.length),
});
watching.unsubscribe();
for await (const { progress, status } of client.jobs.watch.subscribe({ projectId })) console.log(progress + 1, status === 'running');
client.auth.me.query({}).catch((error: unknown) => readFailure(error)?.code === 'UNAUTHORIZED');
await client.close();
`;

/** Each line that ends in WRONG holds the one mistake of that line. */
const wrong = `
import { createTesseraClient, readFailure } from 'tessera-client';

const client = createTesseraClient({ url: 'http://127.0.0.1:3000' });
await client.comments.publish.mutate({ body: 'no such procedure' }); // WRONG
await client.nonsense.add.mutate({ body: 'no such router' }); // WRONG
await client.comments.add.query({ projectId: 'p', threadId: 't', body: 'a mutation, not a query' }); // WRONG
await client.comments.add.mutate({ projectId: 'p', threadId: 't', body: 42 }); // WRONG
await client.comments.add.mutate({ projectId: 'p', body: 'the thread is missing' }); // WRONG
await client.comments.add.mutate({ projectId: 'p', threadId: 't', body: 'b', colour: 'no such input' }); // WRONG
const { items } = await client.projects.list.query({ limit: 10 });
console.log(items[0]?.createdAt.getTime(), items[0]?.colour); // WRONG
const listed: number = items.length + items[0]!.name; // WRONG
client.threads.watch.subscribe({ projectId: 'p' }, { onData: ({ data }) => console.log(data.seq, data.colour) }); // WRONG
client.threads.watch.subscribe({ projectId: 'p' }, { onData: ({ data }) => data.type === 'comment.shouted' }); // WRONG
console.log(listed, readFailure(undefined)?.code === 'NO_SUCH_CODE'); // WRONG
`;

const options = {
  target: 'es2022',
  // tRPC's own declarations need the last.
  lib: ['es2022', 'dom', 'esnext.disposable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
};

interface Fault {
  file: string;
  line: number;
  message: string;
}

/** Compiles files of the application as its author would; gives what the compiler objects to. */
async function compile(files: string[], changes: object = {}): Promise<Fault[]> {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  const { bin } = JSON.parse(await readFile(compiler, 'utf8')) as { bin: { tsc: string } };
  await writeFile(
    join(application, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, ...changes }, files }),
  );
  const tsc = [join(dirname(compiler), bin.tsc), '-p', application, '--pretty', 'false', '--singleThreaded'];
  const { stdout } = await run(process.execPath, tsc, { cwd: application }).catch(
    (error: { stdout: string }) => error,
  );
  return [...stdout.matchAll(/^(\S+?)\((\d+),\d+\): error (.*)$/gm)].map(
    ([, file = '', line, message = '']) => ({ file, line: Number(line), message }),
  );
}

beforeAll(async () => {
  application = await mkdtemp(join(tmpdir(), 'tessera-application-'));
  installed = join(application, 'node_modules/tessera-client');
  await buildClient(join(installed, 'dist'));
  const manifest = publishedManifest(await readFile(join(root, 'client/package.json'), 'utf8'));
  await writeFile(join(installed, 'package.json'), manifest);
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    const link = join(application, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
  await writeFile(join(application, 'package.json'), '{ "type": "module" }');
  await writeFile(join(application, 'right.ts'), right);
  await writeFile(join(application, 'wrong.ts'), wrong);
  faults = await compile(['right.ts', 'wrong.ts']);
});

afterAll(() => rm(application, { recursive: true, force: true }));

test('an application that calls procedures rightly compiles with nothing of the server installed', async () => {
  expect(faults.filter(({ file }) => file === 'right.ts')).toEqual([]);
  expect(await compile(['right.ts'], { module: 'nodenext', moduleResolution: 'nodenext' })).toEqual([]);
});

test('each wrong call is an error at its line', async () => {
  const marked = wrong.split('\n').flatMap((line, index) => (line.endsWith('// WRONG') ? [index + 1] : []));
  const ofWrong = faults.filter(({ file }) => file !== 'right.ts');
  expect([...new Set(ofWrong.map(({ line }) => line))]).toEqual(marked);
  expect(new Set(ofWrong.map(({ file }) => file))).toEqual(new Set(['wrong.ts']));
});

test('no procedure of the published types takes or answers `any`', async () => {
  const types = await readFile(join(installed, 'dist/index.d.ts'), 'utf8');
  expect(types.split('\n').filter((line) => /[:<|] *any\b/.test(line))).toEqual([]);
});

test('the built client loads in Node.js, and its package is in order', async () => {
  const program = `import { createTesseraClient, readFailure } from 'tessera-client';
    console.log(typeof createTesseraClient({ url: 'http://127.0.0.1:1' }).projects.list.query, readFailure(new Error('other')));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    cwd: application,
  });
  expect(stdout).toBe('function undefined\n');
  const { messages, pkg } = await publint({ pkgDir: installed, pack: 'npm', strict: true });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});
