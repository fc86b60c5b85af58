import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretBox } from './SecretBox.ts';

const keyBytes = 32;

/** Writes a new key beside its place and puts it there whole, unless another process was faster. */
async function makeKey(path: string): Promise<void> {
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(beside, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

async function readKey(path: string): Promise<Buffer> {
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
  if (key.length !== keyBytes)
    throw new Error(
      `${path} does not hold a key of ${keyBytes} bytes in base64. Put back the one that was there, or set SECRET_KEY.`,
    );
  return key;
}

/**
 * The box for secrets that the settings give keys for; without any, for a key of its own in the data
 * directory, made the first time and readable by nobody else.
 */
export async function openSecretBox(settings: {
  SECRET_KEY?: readonly Buffer[] | undefined;
  DATA_DIR: string;
}): Promise<SecretBox> {
  const [first, ...more] = settings.SECRET_KEY ?? [];
  if (first) return new SecretBox([first, ...more]);
  const path = join(settings.DATA_DIR, 'secret.key');
  try {
    return new SecretBox([await readKey(path)]);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  await makeKey(path);
  return new SecretBox([await readKey(path)]);
}
