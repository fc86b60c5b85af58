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
     void Promise.resolve(${error}).then((found) => Promise.reject(found));
     setTimeout(() => console.log('alive'), 200);`,
  ]);

test('a database that is away at the wrong moment does not end the process', async () => {
  const { stdout } = await reject(`Object.assign(new Error('terminating connection'), { code: '57P01' })`);
  expect(stdout).toMatch(/^the database could not be reached.*\nalive\n$/);
});

test('whatever else nobody expected does', async () => {
  const fatal = {
    'x is not a function': `new TypeError('x is not a function')`,
    'no such file': `import('node:fs/promises').then(({ readFile }) => readFile('/no such file'))`,
  };
  for (const [message, error] of Object.entries(fatal))
    await expect(reject(error)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
});
