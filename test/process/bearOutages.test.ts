import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const file = new URL('../../src/bearOutages.ts', import.meta.url).href;

/** What a process says in which something is rejected that nobody waits for. */
const reject = (error: string) =>
  promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    `import { bearOutages } from '${file}';
     bearOutages({ error: (_, text) => console.log(text) });
     void Promise.reject(${error});
     setTimeout(() => console.log('alive'), 1);`,
  ]);

test('a database that is away at the wrong moment does not end the process', async () => {
  const { stdout } = await reject(`Object.assign(new Error('terminating connection'), { code: '57P01' })`);
  expect(stdout).toMatch(/^the database could not be reached.*\nalive\n$/);
});

test('whatever else nobody expected does', async () => {
  await expect(reject(`new TypeError('x is not a function')`)).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('x is not a function'),
  });
});
