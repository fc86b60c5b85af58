import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { type Noun, nouns } from '../../entities/patterns/nouns.ts';
import { fail } from '../../errors.ts';

const longest = 200;
const mostBeforeNumber = 240;

/**
 * Makes an identifier from a name: letters and digits of any script in lower case (Unicode's NFKC), everything
 * else to single hyphens, at most 200 characters. `otherwise` where nothing is left. It is not made unique here.
 */
export function identifierOf(name: string, otherwise: string): string {
  const identifier = Array.from(
    name
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/['’]/g, '')
      .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-')
      .replace(/^-/, ''),
  )
    .slice(0, longest)
    .join('')
    .replace(/-$/, '');
  return identifier === '' ? otherwise : identifier;
}

/** What a number is put after: so much of an identifier that there is room for one in 255 characters. */
function stemOf(identifier: string): string {
  return identifier.length <= mostBeforeNumber
    ? identifier
    : Array.from(identifier).slice(0, mostBeforeNumber).join('');
}

/** The first of `base`, `base-2`, `base-3` … that is not taken. */
export function firstFree(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  const stem = stemOf(base);
  let number = 2;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

/** Identifiers of a noun in the project that `firstFree` may meet for any of these bases. */
export async function findTaken(
  em: EntityManager,
  noun: Noun,
  projectId: string,
  bases: readonly string[],
): Promise<Set<string>> {
  const rows = await executePrepared<{ identifier: string }>(
    em,
    `select identifier from ${nouns[noun].table}
     where project_id = $1 and deleted_at is null
       and (identifier = any($2::text[]) or regexp_replace(identifier, '-[0-9]+$', '') = any($2::text[]))`,
    [projectId, [...bases, ...bases.map(stemOf)]],
  );
  return new Set(rows.map((row) => row.identifier));
}

/** Whoever makes identifiers in a project does so one after the other: two at once would find the same one free. */
export async function lockIdentifiers(em: EntityManager, noun: Noun, projectId: string): Promise<void> {
  await executePrepared(em, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `identifiers:${noun}:${projectId}`,
  ]);
}

/** @throws IDENTIFIER_TAKEN when something else of the project has it that is not deleted. */
export async function checkFree(
  em: EntityManager,
  noun: Noun,
  of: { projectId: string; id: string; identifier: string },
): Promise<void> {
  const rows = await executePrepared(
    em,
    `select 1 from ${nouns[noun].table} where project_id = $1 and identifier = $2 and id <> $3 and deleted_at is null`,
    [of.projectId, of.identifier, of.id],
  );
  if (rows.length > 0) fail('IDENTIFIER_TAKEN', { identifier: of.identifier });
}
