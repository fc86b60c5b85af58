import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { runInThisContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFailure } from '../../client/src/index.ts';
import { renderPermissions } from '../../src/renderPermissions.ts';
import { type TestServer, startServer } from '../support/server.ts';

const page = readFileSync('docs/permissions.md', 'utf8');
const blocksOf = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, code = '']) => code);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

test('the table of permissions is what the code says', () => {
  expect(page).toBe(renderPermissions(page));
  const rows = page.split('\n').filter((line) => line.startsWith('| `') && line.split(' | ').length === 5);
  expect(rows.filter((row) => row.endsWith('|  |'))).toEqual([]);
});

/** The examples as one program that takes `names`: what stands behind an arrow must be what comes before it. */
function toProgram(blocks: readonly string[], names: readonly string[]): string {
  const lines = blocks
    .join('\n')
    // What is made of a text has no module of its own that could import.
    .replaceAll('await import(', 'await load(')
    .replaceAll(
      /^(.*); \/\/ → (.*)$/gm,
      (_, expression: string, value: string) =>
        `check(${JSON.stringify(expression)}, ${expression}, ${value});`,
    );
  return stripTypeScriptTypes(`(async ({ ${names.join(', ')} }) => {\n${lines}\n})`);
}

test('every example does what the page says it does, one after the other', async () => {
  const admin = await server.admin();
  const owner = await server.person('Owner');
  const ada = await server.person('Ada');
  const { id: projectId } = await owner.client.projects.create.mutate({ name: 'Notes' });
  await owner.client.members.add.mutate({ projectId, actorId: admin.id, role: 'owner' });
  await owner.client.members.add.mutate({ projectId, actorId: ada.id, role: 'viewer' });
  const scope = {
    admin: admin.client,
    ada,
    projectId,
    readFailure,
    fixture: blocksOf('yaml')[0],
    load: (name: string): Promise<unknown> => import(name),
    check: (expression: string, found: unknown, expected: unknown) =>
      expect({ expression, value: found }).toEqual({ expression, value: expected }),
  };
  const program = toProgram(blocksOf('ts'), Object.keys(scope));
  expect(program.match(/check\(/g)?.length).toBeGreaterThan(20);
  await (runInThisContext(program) as (given: typeof scope) => Promise<void>)(scope);
});
