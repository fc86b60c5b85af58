/** The part of an object that is asked for, both ends included; all of it; or a part that it does not have. */
export type Range = { from: number; to: number } | 'whole' | 'unsatisfiable';

/**
 * A Range header (RFC 9110 §14) for an object of so many bytes. What is no range of bytes, and several ranges
 * at once, are passed over as the RFC allows: the answer is then the whole.
 */
export function readRange(header: string | undefined, size: number): Range {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const count = Number(last);
    return count === 0 || size === 0 ? 'unsatisfiable' : { from: Math.max(0, size - count), to: size - 1 };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return 'whole';
  if (from >= size) return 'unsatisfiable';
  return { from, to: Math.min(last === '' ? size - 1 : Number(last), size - 1) };
}
