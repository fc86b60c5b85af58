import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../database/executePrepared.ts';
import { nouns } from '../../entities/patterns/nouns.ts';
import type { AdoptableNoun } from '../../views/sql/patterns/adoptionLinks.ts';
import { findTaken, firstFree, lockIdentifiers } from './identifier.ts';
import { type Copy, copyRows, findCopies } from './sql/copyRows.ts';

/** Copies of some rows: all, and those that are new. Original → copy. */
export interface Adopted {
  all: Map<string, string>;
  fresh: Map<string, string>;
}

/** An original keeps its identifier where that is free, else it gets a number. */
async function chooseIdentifiers(
  em: EntityManager,
  noun: AdoptableNoun,
  projectId: string,
  originals: readonly string[],
): Promise<Copy[]> {
  const rows = await executePrepared<{ id: string; identifier: string }>(
    em,
    `select id, identifier from ${nouns[noun].table} where id = any($1::uuid[]) and deleted_at is null order by created_at, id`,
    [originals],
  );
  await lockIdentifiers(em, noun, projectId);
  const bases = rows.map((row) => row.identifier);
  const taken = await findTaken(em, noun, projectId, bases);
  return rows.map((row) => {
    const identifier = firstFree(row.identifier, taken);
    taken.add(identifier);
    return { from: row.id, to: uuidv7(), identifier };
  });
}

/** Copies rows of another project of which the project has no copy yet. Their parts are not copied here. */
export async function adoptRows(
  em: EntityManager,
  noun: AdoptableNoun,
  of: { projectId: string; actorId: string; originals: readonly string[] },
): Promise<Adopted> {
  const all = await findCopies(em, noun, of.projectId, of.originals);
  const missing = of.originals.filter((id) => !all.has(id));
  const fresh = new Map<string, string>();
  if (missing.length === 0) return { all, fresh };
  const copies = await chooseIdentifiers(em, noun, of.projectId, missing);
  await copyRows(em, noun, { projectId: of.projectId, actorId: of.actorId, copies });
  for (const { from, to } of copies) {
    all.set(from, to);
    fresh.set(from, to);
  }
  return { all, fresh };
}
