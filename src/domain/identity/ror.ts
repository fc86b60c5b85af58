const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const pattern = /^(?:https?:\/\/)?(?:ror\.org\/)?(0[0-9a-hj-km-np-tv-z]{6}\d{2})$/;

/**
 * The ROR id of an institution in its canonical form, `https://ror.org/05dxps055`, from that or the bare id.
 * Its last two digits are a checksum by ISO/IEC 7064 MOD 97-10 over the six characters between, read as a
 * number in Crockford's base 32 (ROR, "The ROR identifier").
 * @returns undefined for what is none.
 */
export function normalizeRorId(text: string): string | undefined {
  const id = pattern.exec(text.trim().toLowerCase())?.[1];
  if (id === undefined) return undefined;
  const number = Array.from(id.slice(1, 7)).reduce((sum, digit) => sum * 32 + digits.indexOf(digit), 0);
  const checksum = 98 - ((number * 100) % 97);
  return Number(id.slice(7)) === checksum ? `https://ror.org/${id}` : undefined;
}
