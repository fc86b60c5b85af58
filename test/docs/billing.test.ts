import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { creditErrors } from '../../src/creditErrors.ts';
import { errorTable } from '../../src/errors.ts';
import { appRouter } from '../../src/routers/_app.ts';
import { settingTable } from '../../src/settings.ts';

const page = readFileSync('docs/billing.md', 'utf8');
const named = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, name = '']) => name))];

test('docs/billing.md names every error of credits and payments, and only errors and settings that there are', () => {
  const capitals = named(/`([A-Z][A-Z_]{4,})/g);
  expect(capitals.filter((name) => !(name in errorTable) && !(name in settingTable))).toEqual(
    ['SERIALIZABLE'].filter((name) => capitals.includes(name)),
  );
  expect(Object.keys(creditErrors).filter((code) => !capitals.includes(code))).toEqual([]);
});

test('docs/billing.md names every procedure of credits and payments but the plainest', () => {
  const procedures = Object.keys(appRouter._def.procedures).filter((name) =>
    /^(?:credits|payments)\./.test(name),
  );
  const told = named(/`((?:credits|payments)\.[a-z]\w+)`/gi);
  expect(procedures.filter((name) => !told.includes(name))).toEqual(['credits.balance', 'credits.holds']);
});
