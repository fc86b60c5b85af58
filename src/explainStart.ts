import { TesseraError } from './errors.ts';
import { isOutage } from './database/isOutage.ts';
import { SettingsError } from './settings.ts';

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Why a program of ours could not start, as one sentence with what to do; the stack only where nobody expected it. */
export function explainStart(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  if (error instanceof TesseraError) return `${error.message} ${error.remedy}`;
  const code = codeOf(error);
  const message = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
  if (code === 'EADDRINUSE')
    return `The port is taken (${message}). Choose another PORT, or stop what listens there.`;
  if (code === 'EACCES')
    return `This needs a right that you do not have (${message}). Choose a PORT above 1023 and a DATA_DIR of yours.`;
  if (code === '3D000') return `${message}. Create it with createdb, or name another in DATABASE_URL.`;
  if (code === '28P01' || code === '28000')
    return `The database refuses this account (${message}). Check user and password in DATABASE_URL.`;
  if (isOutage(error))
    return `The database cannot be reached (${message}). Check DATABASE_URL, and that PostgreSQL runs.`;
  if (code.startsWith('ERR_PARSE_ARGS')) return `${message}. See --help.`;
  return `Tessera could not start: ${error instanceof Error ? (error.stack ?? message) : message}`;
}
