import { fail } from '../errors.ts';

/**
 * Refuses a change that was decided on an older version; without a version the last write wins.
 * @param show what is stored, in the form in which the editor read it; asked only on a clash.
 * @throws VERSION_CLASH with `details: { sent, stored, current }`.
 */
export async function checkVersion(
  row: { thing: string; sent: number | undefined; stored: number },
  show: () => unknown,
): Promise<void> {
  const { thing, sent, stored } = row;
  if (sent === undefined || sent === stored) return;
  fail('VERSION_CLASH', { thing, sent, stored }, { details: { sent, stored, current: await show() } });
}
