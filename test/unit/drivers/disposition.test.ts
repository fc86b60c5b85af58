import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeDisposition } from '../../../src/drivers/storage/disposition.ts';

test.each([
  ['film.mp4', 'attachment; filename="film.mp4"'],
  ['take 1 (final).mp4', 'attachment; filename="take 1 (final).mp4"'],
  ['Übung.mp4', `attachment; filename="_bung.mp4"; filename*=UTF-8''%C3%9Cbung.mp4`],
  ['a"b%c\'d*e', `attachment; filename="a_b_c'd*e"; filename*=UTF-8''a%22b%25c%27d%2Ae`],
  ['../../etc/passwd', 'attachment; filename=".._.._etc_passwd"'],
  ['a\r\nset-cookie: b', 'attachment; filename="aset-cookie: b"'],
  ['', 'attachment; filename="file"'],
])('%j is written so that every browser reads it', (name, header) => {
  expect(writeDisposition('attachment', name)).toBe(header);
});

test('any name makes a header of printable ASCII, short enough to send', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), (name) => {
      const header = writeDisposition('inline', name);
      expect(header).toMatch(/^inline; filename="[ -!#-~]*"(; filename\*=UTF-8''[\w.~!$&+^`|%-]+)?$/);
      expect(header.length).toBeLessThan(4_000);
    }),
  );
});
