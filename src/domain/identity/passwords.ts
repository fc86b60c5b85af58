/**
 * Passwords, kept as argon2id hashes with the parameters that OWASP gives as the least (19 MiB, 2 passes,
 * 1 lane). Before hashing they are brought to Unicode's NFKC, so that the same password typed on another
 * keyboard is the same (NIST SP 800-63B-4, 3.1.1.2). Their length is checked where they enter.
 */
import { hash, parseOptions, verify } from '@node-rs/argon2';

/** The package's enums exist for the compiler alone; these are the numbers behind them. */
const argon2id = 2;
const version19 = 1;
const policy = {
  algorithm: argon2id,
  version: version19,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
  outputLen: 32,
} as const;

/** Hashes a password with a new salt, off the main thread (about 10 ms). Gives a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  return await hash(password.normalize('NFKC'), policy);
}

/**
 * Whether a password is the one behind a hash. Costs what the hash was made with, and the comparison takes
 * the same time wherever they differ.
 * @throws when the hash is not an argon2 PHC string, which only damaged data can bring about
 */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return await verify(passwordHash, password.normalize('NFKC'));
}

/** Whether a hash was made with other parameters than those now used, so that the next sign-in renews it. */
export function needsRehash(passwordHash: string): boolean {
  try {
    const made = parseOptions(passwordHash);
    return Object.entries(policy).some(([name, value]) => made[name as keyof typeof policy] !== value);
  } catch {
    return true;
  }
}

/**
 * Takes as long as `verifyPassword` and is never right: for accounts that do not exist or have no password,
 * so that the time of an answer does not tell which addresses have an account.
 */
export async function verifyAgainstNothing(password: string): Promise<false> {
  await hashPassword(password);
  return false;
}
