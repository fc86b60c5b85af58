/**
 * Every setting of Tessera: its environment variable, meaning, default and check. No setting is read
 * elsewhere. `--help` prints this table; a misspelt name or a bad value stops the start.
 */
import { resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { keepGiven } from './givenSettings.ts';
import { jobLimits } from './jobSettings.ts';
import { readBusUrl } from './readBusUrl.ts';
import { readStorageUrl } from './readStorageUrl.ts';
import { checkPaymentSettings, creditPackages, jobPrices } from './paymentSettings.ts';
import { subnets } from './webhookSettings.ts';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const busUrl = z.string().transform((text, ctx) => {
  try {
    return readBusUrl(text);
  } catch (error) {
    ctx.addIssue(error instanceof Error ? error.message : 'is no address of a NATS server');
    return z.NEVER;
  }
});

const storageUrl = z.string().transform((text, ctx) => {
  try {
    return readStorageUrl(text);
  } catch (error) {
    ctx.addIssue(error instanceof Error ? error.message : 'is no address of a bucket');
    return z.NEVER;
  }
});

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
  BUS_URL: setting(
    busUrl.optional(),
    'nats://host:4222, tls:// to demand TLS, with user:password@ or token@ before the host; several servers of a cluster comma-separated. Default: the nodes speak over PostgreSQL.',
  ),
  CONSOLE_DIR: setting(
    z
      .string()
      .min(1)
      .transform((path) => resolve(import.meta.dirname, '..', path)),
    'Where the built console lies; relative to the checkout.',
    'web/dist',
  ),
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
  STORAGE_URL: setting(
    storageUrl.optional(),
    'Where files are stored: s3://bucket/prefix?region=eu-central-1, for other S3-compatible stores also with endpoint=https://… and pathStyle=1. Default: in DATA_DIR/storage, which all nodes must share.',
  ),
  S3_ACCESS_KEY_ID: setting(
    z.string().min(1).optional(),
    'Credentials for STORAGE_URL, with the next. Default: where AWS programs find theirs (environment, profile, role of the machine).',
  ),
  S3_SECRET_ACCESS_KEY: setting(z.string().min(1).optional(), 'See S3_ACCESS_KEY_ID.'),
  TRANSFER_STALLED_SECONDS: setting(
    whole(1, 3600),
    'Seconds in which an upload or download by signed URL must move by 16 KB, else it is cut off.',
    '60',
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
    'Size of an incoming WebSocket message, at most.',
    String(2 ** 16),
  ),
  SOCKET_MAX_SUBSCRIPTIONS: setting(whole(1, 10_000), 'Subscriptions on one connection, at most.', '64'),
  SOCKET_MAX_CONNECTIONS: setting(
    whole(1, 1_000_000),
    'WebSocket connections of this process, at most.',
    '10000',
  ),
  SOCKET_MAX_PER_USER: setting(whole(1, 100_000), 'WebSocket connections of one person, at most.', '100'),
  SOCKET_MAX_PER_ADDRESS: setting(
    whole(1, 1_000_000),
    'WebSocket connections from one address (of IPv6, one /64), at most; the machine itself is not counted, for a proxy on it stands for everybody.',
    '1000',
  ),
  SOCKET_MAX_CALLS: setting(
    whole(1, 100_000),
    'Queries and mutations of one connection that wait or are under way, at most.',
    '256',
  ),
  SOCKET_MESSAGES_PER_SECOND: setting(
    whole(1, 100_000),
    'Messages that one connection may send in the long run; bursts may be larger.',
    '128',
  ),
  SOCKET_MESSAGES_PER_USER: setting(
    whole(1, 1_000_000),
    'Messages per second that all connections of one person may send in the long run.',
    '512',
  ),
  SOCKET_QUEUE_BYTES: setting(
    whole(65_536, 2 ** 30),
    'Bytes that may wait for one slow socket; beyond that its events wait in the log.',
    String(2 ** 20),
  ),
  SOCKET_TOTAL_QUEUE_BYTES: setting(
    whole(65_536, 2 ** 40),
    'Bytes that may wait for all slow sockets together; beyond that each may have 64 KB, and who has been slow longest is cut off.',
    String(2 ** 28),
  ),
  SOCKET_PARAMS_SECONDS: setting(whole(1, 600), 'Seconds in which connectionParams must come.', '10'),
  SOCKET_PING_SECONDS: setting(whole(1, 3600), 'Seconds between keep-alive pings.', '25'),
  SOCKET_PONG_SECONDS: setting(whole(1, 600), 'Seconds in which a ping must be answered.', '8'),
  SOCKET_STALLED_SECONDS: setting(
    whole(1, 3600),
    'Seconds after which a socket is cut off that takes nothing of what waits for it.',
    '60',
  ),
  SOCKET_RENEW_SECONDS: setting(
    whole(1, 86_400),
    'Seconds before its credential runs out at which a client is asked to reconnect with a fresh one.',
    '60',
  ),
  MAX_LAG_MS: setting(
    whole(1, 60_000),
    'Lag of the event loop above which new sockets are refused with 503, until it has halved; at four times that, calls over HTTP too.',
    '250',
  ),
  MAX_CONNECTIONS: setting(
    whole(1, 1_000_000),
    'TCP connections of this process, at most, HTTP and WebSocket together.',
    '12000',
  ),
  HEADERS_SECONDS: setting(
    whole(1, 600),
    'Seconds in which the head of a request, or of a WebSocket upgrade, must have come.',
    '20',
  ),
  PRESENCE_SECONDS: setting(
    whole(1, 3600),
    'Seconds after which the people at a node that has died are no longer shown as present; who closes the page is gone after a third of it.',
    '15',
  ),
  STOP_SECONDS: setting(
    whole(1, 600),
    'Seconds that a graceful stop may take before what still runs is cut off.',
    '15',
  ),
  WEBHOOK_TARGETS: setting(
    subnets,
    'IP addresses and subnets in private ranges to which webhooks may be sent, comma-separated.',
    '',
  ),
  WEBHOOK_HTTP: setting(flag, 'true lets webhooks go to WEBHOOK_TARGETS over http:// as well.', 'false'),
  WEBHOOK_SECONDS: setting(whole(1, 60), 'Seconds in which the receiver of a webhook must answer.', '15'),
  WEBHOOK_CONCURRENCY: setting(
    whole(2, 1_000),
    'Webhooks that one worker process sends at once; those that failed last get half of these at most.',
    '64',
  ),
  RETENTION_DAYS: setting(
    whole(1, 36_500),
    'What was deleted can be restored for so many days; then it is removed for good.',
    '30',
  ),
  EVENT_RETENTION_DAYS: setting(
    whole(1, 3650),
    'Days for which the event log is kept: who was away for longer loads anew, and activity goes back as far. Reads slow down beyond about 60.',
    '30',
  ),
  MEDIA_MAX_BYTES: setting(whole(1, 2 ** 42), 'Size of a media file, at most.', String(5 * 2 ** 30)),
  MEDIA_QUOTA_BYTES: setting(
    whole(1, 2 ** 50),
    'Bytes of media in all projects of one owner, at most; uploads that are not complete count as whole.',
    String(50 * 2 ** 30),
  ),
  MEDIA_UPLOAD_HOURS: setting(whole(1, 168), 'Hours in which an upload must be completed.', '24'),
  MEDIA_ORIGINAL_DAYS: setting(
    whole(1, 36_500).optional(),
    'Media files that were uploaded are deleted after so many days. Default: they are kept.',
  ),
  MEDIA_DERIVED_DAYS: setting(
    whole(1, 36_500).optional(),
    'Media files that were made from others are deleted after so many days. Default: they are kept.',
  ),
  MEDIA_FAILED_DAYS: setting(
    whole(1, 36_500),
    'Media files that could not be used are shown for so many days, and then deleted.',
    '7',
  ),
  MEDIA_PROBE_SECONDS: setting(
    whole(1, 86_400),
    'Seconds in which ffprobe must have read a media file.',
    '300',
  ),
  WORKER_CONCURRENCY: setting(whole(1, 64), 'Jobs that one worker process runs at once.', '4'),
  JOBS_PER_PROJECT: setting(
    whole(1, 10_000),
    'Jobs of one project that run at once, on all workers together. Give all workers the same.',
    '8',
  ),
  JOB_LIMITS: setting(
    jobLimits,
    'Jobs of a kind that run at once, on all workers together, comma-separated: media.probe=2. A kind not named has no limit.',
    '',
  ),
  NODE_ENV: setting(z.string().optional(), 'production: what is for development alone is refused.'),
  JOB_PRICES: setting(
    jobPrices,
    'Credits that kinds of job cost for each unit of work, comma-separated: media.translate=10. A kind not named is free.',
    '',
  ),
  CREDIT_PACKAGES: setting(
    creditPackages,
    'What can be bought, as JSON: [{"id":"small","credits":500,"amountCents":499,"currency":"EUR","productId":"…"}]; productId is the product at Polar with this price.',
    '[]',
  ),
  PAYMENTS: setting(
    z.enum(['polar', 'test']).optional(),
    'Who takes payments: polar, or test (for development: everybody pays by a click). Default: nobody.',
  ),
  POLAR_ACCESS_TOKEN: setting(
    z.string().min(1).optional(),
    "An organization's access token of Polar, with the scopes checkouts:write and refunds:write.",
  ),
  POLAR_WEBHOOK_SECRET: setting(
    list,
    'The secret of the webhook that Polar sends to /webhooks/polar; several, comma-separated, while it is changed.',
    '',
  ),
  POLAR_API_URL: setting(
    z.url({ protocol: /^https?$/ }),
    "Polar's API; the sandbox is https://sandbox-api.polar.sh.",
    'https://api.polar.sh',
  ),
  PAYMENTS_RETURN_URL: setting(
    z.url({ protocol: /^https?$/ }).optional(),
    'Page to which buyers come back from paying. Default: the console’s page of credits.',
  ),
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
        `${name}=${/URL|SECRET|TOKEN/.test(name) ? '…' : given}: ${result.error.issues[0]?.message}. ${row.meaning}`,
      );
  }
  for (const name of Object.keys(environment)) {
    const meant = misspelt(name);
    if (meant) wrong.push(`${name} is not a setting; did you mean ${meant}?`);
  }
  const settings = read as Settings;
  if (!settings.S3_ACCESS_KEY_ID !== !settings.S3_SECRET_ACCESS_KEY)
    wrong.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together; set both or neither.');
  if (wrong.length === 0) wrong.push(...checkPaymentSettings(settings));
  if (wrong.length > 0) throw new SettingsError(`These settings are wrong:\n  ${wrong.join('\n  ')}`);
  keepGiven(settings, Object.keys(settingTable), environment);
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
