import { expect, test } from 'vitest';
import { normalizeRorId } from '../../../src/domain/identity/ror.ts';

test.each(['05dxps055', '03yrm5c26', '02mhbdp94', '042nb2s44', '01ggx4157', '00f54p054'])(
  'the ROR id %s is right, bare and as an address, and wrong when any digit differs',
  (id) => {
    const address = `https://ror.org/${id}`;
    for (const form of [id, `ror.org/${id}`, address, ` ${address.toUpperCase()} `])
      expect(normalizeRorId(form)).toBe(address);
    for (let index = 1; index < id.length; index += 1) {
      const other = id[index] === '1' ? '2' : '1';
      expect(normalizeRorId(id.slice(0, index) + other + id.slice(index + 1))).toBeUndefined();
    }
  },
);

test.each(['', '15dxps055', '05dxps05', '05dxps0555', '05dxlu055', 'https://example.org/05dxps055'])(
  '%j is no ROR id',
  (text) => {
    expect(normalizeRorId(text)).toBeUndefined();
  },
);
