/**
 * Every setting of Tessera: its environment variable, meaning, default and check. No setting is read
 * elsewhere. `--help` prints this table; a misspelt name or a bad value stops the start.
 */
import { resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

interface SettingRow<T extends z.ZodType> {
  schema: T;
  /** As one would write it in the environment; undefined: not set. */
  default?: string;
  meaning: string;
}
const setting = <T extends z.ZodType>(schema: T, meaning: string, fallback?: string): SettingRow<T> => ({
  schema,
  meaning,
  ...(fallback === undefined ? {} : { default: fallback }),
});

/** Keys of 32 bytes in base64 or hexadecimal. */
const secretKeys = list.transform((keys, ctx) =>
  keys.map((key) => {
    const bytes = Buffer.from(key, /^[0-9a-f]{64}$/i.test(key) ? 'hex' : 'base64');
    if (bytes.length !== 32)
      ctx.addIssue('must be keys of 32 bytes in base64, such as `openssl rand -base64 32` prints');
    return bytes;
  }),
);

export const settingTable = {
  PORT: setting(whole(0, 65535), 'TCP port of HTTP and WebSocket; 0 takes a free one.', '3000'),
  HOST: setting(z.string().min(1), 'Address to listen on; 0.0.0.0 for all.', '127.0.0.1'),
  PUBLIC_URL: setting(
    z.url({ protocol: /^https?$/ }).optional(),
    'Address under which people reach the server; used in links and for the Origin check. Default: the address listened on.',
  ),
  ALLOWED_ORIGINS: setting(
    list,
    'Further browser origins that may call with a cookie or open a socket, comma-separated.',
    '',
  ),
  TRUST_PROXY: setting(
    flag,
    'true behind a reverse proxy: take the client address from X-Forwarded-For.',
    'false',
  ),
  DATABASE_URL: setting(
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    'A PostgreSQL ≥ 15 to use. Default: the embedded one, kept in DATA_DIR.',
  ),
  DATABASE_POOL: setting(whole(2, 500), 'Connections of this process to the database, at most.', '20'),
  DATA_DIR: setting(
    z
      .string()
      .min(1)
      .transform((path) => resolve(path)),
    'Where the embedded database, blobs, mirrors and mails lie.',
    '.tessera',
  ),
  SECRET_KEY: setting(
    secretKeys.optional(),
    'Encrypts the secrets that are stored: 32 bytes in base64. Several, comma-separated: the first encrypts, all decrypt. Several nodes need the same. Default: one made in DATA_DIR/secret.key, without which the secrets are lost.',
  ),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'How much to log.',
    'info',
  ),
  REPOSITORY_PATHS: setting(
    list.optional(),
    'Local directories whose git repositories may be synced, comma-separated. Default: the working directory when HOST is loopback, else none.',
  ),
  REPOSITORY_HOSTS: setting(
    list,
    'Hosts or CIDRs in private address ranges from which repositories may be fetched.',
    '',
  ),
  GIT_CREDENTIALS_FILE: setting(
    z
      .string()
      .transform((path) => resolve(path))
      .optional(),
    "A file in git-credential-store's format, for private repositories. Whoever may start a sync can read what these logins can read.",
  ),
  MAX_TEXT_BYTES: setting(
    whole(1024, 64 * 2 ** 20),
    'Text files up to this size are kept for reading, diffs and threads.',
    String(2 * 2 ** 20),
  ),
  SMTP_URL: setting(
    z.url({ protocol: /^smtps?$/ }).optional(),
    'smtp(s)://user:password@host:port. Default: mails are written into DATA_DIR/mail.',
  ),
  MAIL_FROM: setting(z.string().min(3), 'Sender of mails.', 'Tessera <tessera@localhost>'),
  SESSION_IDLE_DAYS: setting(whole(1, 365), 'A session not used for so many days expires.', '14'),
  SESSION_MAX_DAYS: setting(whole(1, 3650), 'A session expires after so many days in any case.', '90'),
  SIGN_IN_ATTEMPTS: setting(
    whole(1, 1_000_000),
    'Failed sign-ins per account and quarter of an hour; ten times as many per address, which counts registrations and resets too.',
    '10',
  ),
  MAX_BATCH: setting(whole(1, 1000), 'Calls in one batch, at most.', '32'),
  MAX_BODY_BYTES: setting(whole(1024, 64 * 2 ** 20), 'Size of a request body, at most.', String(2 ** 20)),
  SOCKET_MAX_FRAME_BYTES: setting(
    whole(1024, 16 * 2 ** 20),
    'Size of an incoming WebSocket frame, at most.',
    String(2 ** 17),
  ),
  SOCKET_MAX_SUBSCRIPTIONS: setting(whole(1, 10_000), 'Subscriptions on one connection, at most.', '64'),
  SOCKET_MAX_CONNECTIONS: setting(
    whole(1, 1_000_000),
    'WebSocket connections of this process, at most.',
    '10000',
  ),
  SOCKET_QUEUE_BYTES: setting(
    whole(65_536, 2 ** 30),
    'Bytes that may wait for one slow socket; beyond that its events wait in the log.',
    String(2 ** 20),
  ),
  SOCKET_PING_SECONDS: setting(whole(1, 3600), 'Seconds between keep-alive pings.', '25'),
  STOP_SECONDS: setting(
    whole(1, 600),
    'Seconds that a graceful stop may take before what still runs is cut off.',
    '15',
  ),
  RETENTION_DAYS: setting(
    whole(1, 36_500),
    'What was deleted can be restored for so many days; then it is removed for good.',
    '30',
  ),
  WORKER_CONCURRENCY: setting(whole(1, 64), 'Jobs that one worker process runs at once.', '4'),
} satisfies Record<string, SettingRow<z.ZodType>>;

export type Settings = { [K in keyof typeof settingTable]: z.output<(typeof settingTable)[K]['schema']> };

/** A setting that is unknown or out of range; the message says which and why. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** A setting that this name was surely meant to be: one or two letters off, in a name long enough for that to be no chance. */
function misspelt(name: string): string | undefined {
  if (name in settingTable || name.length < 8) return undefined;
  return Object.keys(settingTable).find((known) => known.length >= 8 && distance(name, known) <= 2);
}

/**
 * Reads and checks all settings.
 * @throws SettingsError naming every setting that is wrong, and why.
 */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const read: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, row] of Object.entries(settingTable) as [string, SettingRow<z.ZodType>][]) {
    const given = environment[name];
    const result = row.schema.safeParse(given === undefined || given === '' ? row.default : given);
    if (result.success) read[name] = result.data;
    else
      wrong.push(
        `${name}=${name.includes('URL') || name.includes('SECRET') ? '…' : given}: ${result.error.issues[0]?.message}. ${row.meaning}`,
      );
  }
  for (const name of Object.keys(environment)) {
    const meant = misspelt(name);
    if (meant) wrong.push(`${name} is not a setting; did you mean ${meant}?`);
  }
  const settings = read as Settings;
  if (wrong.length > 0) throw new SettingsError(`These settings are wrong:\n  ${wrong.join('\n  ')}`);
  return settings;
}

/** The table of settings as `--help` prints it. */
export function describeSettings(): string {
  return (Object.entries(settingTable) as [string, SettingRow<z.ZodType>][])
    .map(([name, row]) => `  ${name}${row.default ? `=${row.default}` : ''}\n      ${row.meaning}`)
    .join('\n');
}

/** The address that the server listens on at `port`. */
export function listenUrlOf(settings: Settings, port: number): string {
  return `http://${settings.HOST.includes(':') ? `[${settings.HOST}]` : settings.HOST}:${port}`;
}

/** The address under which people reach the server, without a slash at the end. */
export function publicUrlOf(settings: Settings, port: number): string {
  return (settings.PUBLIC_URL ?? listenUrlOf(settings, port)).replace(/\/$/, '');
}
