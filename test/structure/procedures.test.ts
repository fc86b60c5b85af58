import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { appRouter } from '../../src/routers/_app.ts';

const sources = readdirSync('src/routers')
  .filter((name) => name.endsWith('.ts') && name !== 'trpc.ts')
  .map((name) => readFileSync(`src/routers/${name}`, 'utf8'));

/** Every procedure as it is written: what stands on the line above it, and its permission. */
const written = sources.flatMap((source) =>
  [
    ...source.matchAll(
      /^(.*)\n {2}\w+: (?:project|instance)\.(?:query|mutation|subscription)\(\s*'([\w.]+)'/gm,
    ),
  ].map(([, above = '', permission = '']) => ({
    above: above.trim(),
    permission,
  })),
);

test('every procedure says in a docstring what it does', () => {
  expect(written.map(({ permission }) => permission).toSorted()).toEqual(
    Object.keys(appRouter._def.procedures).toSorted(),
  );
  expect(written.filter(({ above }) => !above.endsWith('*/')).map(({ permission }) => permission)).toEqual(
    [],
  );
});

test('procedures are built only by the builders that demand a permission', () => {
  const others = sources.filter((source) => /initTRPC|\bt\.procedure\b/.test(source));
  expect(others).toEqual([]);
});
