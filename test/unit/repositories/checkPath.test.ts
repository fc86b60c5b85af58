import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFilePath } from '../../../src/domain/repositories/checkPath.ts';
import { TesseraError } from '../../../src/errors.ts';

function findError(path: string): TesseraError | undefined {
  try {
    checkFilePath(path);
    return undefined;
  } catch (error) {
    if (error instanceof TesseraError) return error;
    throw error;
  }
}

describe('checking the path of a file', () => {
  test.each([
    'a',
    'src/main.ts',
    '.gitignore',
    'a/..b/...',
    'with space/ü/中.md',
    'back\\slash',
    'a'.repeat(1024),
  ])('%s is let through as it is', (path) => {
    expect(checkFilePath(path)).toBe(path);
  });

  test.each([
    ['', 'it is empty'],
    ['/etc/passwd', 'it is absolute'],
    ['../x', 'it holds a . or .. segment'],
    ['a/../../x', 'it holds a . or .. segment'],
    ['./a', 'it holds a . or .. segment'],
    ['a/.', 'it holds a . or .. segment'],
    ['a//b', 'it holds //'],
    ['a/', 'it ends in /'],
    ['a\0b', 'it holds a control character'],
    ['a\nb', 'it holds a control character'],
    ['a\u009Fb', 'it holds a control character'],
    ['a\uD800', 'it is not well-formed Unicode'],
    ['a'.repeat(1025), 'it is longer than 1024 characters'],
  ])('%j is refused, with the reason', (path, reason) => {
    const error = findError(path);
    expect(error?.errorCode).toBe('PATH_REFUSED');
    expect(error?.message).toContain(reason);
  });

  test('what is let through stays below any root it is resolved against', () => {
    const piece = fc.constantFrom('a', '.', '..', '/', '\\', '\0', 'b.ts', ' ');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const path = pieces.join('');
        if (findError(path)) return;
        const { pathname } = new URL(`file:///root/${path.split('/').map(encodeURIComponent).join('/')}`);
        expect(decodeURIComponent(pathname)).toBe(`/root/${path}`);
      }),
    );
  });
});
