import { readdir, rm } from 'node:fs/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { systemCause, transact } from '../../database/transaction.ts';
import { holdMirror, mirrorDir, mirrorsDir } from './holdMirror.ts';

/** Deleted projects too: they can be restored, and their rows are there until they are purged. */
const findGone = `
select u.id::text as id from unnest($1::uuid[]) as u (id)
where not exists (select from projects p where p.id = u.id)`;

const mirrorName = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.git$/;

/**
 * Removes the mirrors of projects that are not there any more from this node. A sync under way holds its mirror, and
 * its project is not purged before it has ended.
 * @returns how many were removed.
 */
export async function removeMirrors(orm: MikroORM, dataDir: string): Promise<number> {
  const names = await readdir(mirrorsDir(dataDir)).catch(() => []);
  const ids = names.flatMap((name) => mirrorName.exec(name)?.[1] ?? []);
  if (ids.length === 0) return 0;
  const findGoneOf = (some: readonly string[]) =>
    transact(orm, systemCause, (em) => executePrepared<{ id: string }>(em, findGone, [some]));
  const remove = async ({ id }: { id: string }) => {
    const dir = mirrorDir(dataDir, id);
    using _held = await holdMirror(dir);
    // Somebody may have made a project of the same id meanwhile.
    if ((await findGoneOf([id])).length === 0) return 0;
    await rm(dir, { recursive: true, force: true });
    return 1;
  };
  // One that is held keeps none of the others.
  const removed = await Promise.all((await findGoneOf(ids)).map(remove));
  return removed.reduce<number>((sum, count) => sum + count, 0);
}
