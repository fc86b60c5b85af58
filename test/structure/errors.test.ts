import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorTable } from '../../src/errors.ts';
import { renderErrors } from '../../src/renderErrors.ts';

test('docs/errors.md says what the table of errors says', () => {
  expect(readFileSync('docs/errors.md', 'utf8')).toBe(renderErrors());
});

test('every error says what happened and what to do, in sentences', () => {
  for (const [code, row] of Object.entries(errorTable)) {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(row.message).toMatch(/\.$/);
    expect(row.remedy).toMatch(/\.$/);
  }
});
