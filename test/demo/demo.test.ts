/** The demo as a user starts it: a process of its own, judged by its exit code and by what it prints. */
import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitWorld, createGitWorld, runTestGit } from '../drivers/makeRepository.ts';
import { startServer } from '../support/server.ts';
import { childEnvironment } from '../support/childEnvironment.ts';

const run = promisify(execFile);
/** Where no Tessera runs. */
const nowhere = '1';
let world: GitWorld;
let repository: string;
/** Where the demo puts its temporary files: what is left there was forgotten. */
let temporary: string;

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

async function runDemo(repo: string, port: string): Promise<Ended> {
  const args = [join(import.meta.dirname, '../../demo/main.ts'), '--repo', repo];
  const env = { ...process.env, ...childEnvironment, PORT: port, TMPDIR: temporary };
  try {
    return { code: 0, ...(await run(process.execPath, args, { env })) };
  } catch (error) {
    return error as Ended;
  }
}

const source = [
  '/** Adds. */',
  '',
  'export function add(a: number, b: number): number {',
  '  return a + b;',
  '}',
  '',
].join('\n');

beforeAll(async () => {
  world = await createGitWorld();
  temporary = join(world.root, 'temporary');
  await mkdir(temporary);
  repository = await world.createRepository('repository', {
    'src/add.ts': source,
    'src/copy.ts': source,
    'README.md': '# Sums\n',
  });
});

afterAll(() => world[Symbol.asyncDispose]());

test('the demo shows the main job on a repository, with a Tessera of its own that it removes', async () => {
  const { code, stdout, stderr } = await runDemo(repository, nowhere);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const commit = runTestGit(repository, ['rev-parse', 'HEAD']);
  for (const line of [
    /repository +\/.*\/repository$/m,
    new RegExp(`commit +${commit} \\(main\\)`),
    /files +3$/m,
    /blobs +2$/m,
    /line +src\/add\.ts:3 │ export function add/,
    /Ada +sees the sync at 100 % +completed/,
    /Ben +sees thread\.created \(seq \d+\) +[\d.]+ ms/,
    /Ada +is notified \(mention\): .+ [\d.]+ ms/,
    /Ben +is cut off the network/,
    /Ben +resumes after seq \d+, and receives \d+ \d+ \d+/,
    /both received \d+ events, seq \d+ to \d+: no gap, no duplicate/,
    /Ben +sees the open subscription end: FORBIDDEN +[\d.]+ ms/,
    /comment, to the other person +\d+ +[\d.]+ m?s +[\d.]+ m?s/,
  ]) {
    expect(stdout).toMatch(line);
  }
  expect(stdout).not.toContain('\u001B[');
  expect(await readdir(temporary)).toEqual([]);
});

test('the demo uses the Tessera that runs, and can be run on it again', async () => {
  await using server = await startServer();
  const { port } = new URL(server.url);
  for (let time = 1; time <= 2; time += 1) {
    const { code, stdout } = await runDemo(repository, port);
    expect(stdout).toContain(`${server.url} (was running)`);
    expect(code).toBe(0);
  }
});

test('a path that the running Tessera may not read ends the demo with the remedy', async () => {
  await using server = await startServer({ settings: { REPOSITORY_PATHS: join(world.root, 'elsewhere') } });
  const { code, stderr } = await runDemo(repository, new URL(server.url).port);
  expect(code).toBe(1);
  expect(stderr).toContain('REPOSITORY_URL_REFUSED');
  expect(stderr).toContain(`start it with REPOSITORY_PATHS=${repository}`);
});

test('a repository that is not there ends the demo in words, and nothing is left behind', async () => {
  const { code, stderr } = await runDemo(join(world.root, 'missing'), nowhere);
  expect(code).toBe(1);
  expect(stderr).toMatch(/The demo stopped: The repository could not be found at .*\nWhat to do: /);
  expect(await readdir(temporary)).toEqual([]);
});
