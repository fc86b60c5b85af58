/** What the routers of the six nouns of the semantic patterns share: reading one, lists, history and uses. */
import type { ProjectScope } from '../authz/projectsWhere.ts';
import { type Noun, nouns } from '../entities/patterns/nouns.ts';
import { fail } from '../errors.ts';
import { type Page, readCursor, toPage } from '../views/paging.ts';
import type { HistoryView, NounDetails, NounViews, Origin, UseView } from '../views/patterns.ts';
import { isAdoptable } from '../views/sql/patterns/adoptionLinks.ts';
import { listHistory } from '../views/sql/patterns/listHistory.ts';
import { type NounFilter, listNouns } from '../views/sql/patterns/listNouns.ts';
import { listUses } from '../views/sql/patterns/listUses.ts';
import { nameReferences } from '../views/sql/patterns/nameReferences.ts';
import { readAsOf } from '../views/sql/patterns/readAsOf.ts';
import { readNoun } from '../views/sql/patterns/readNoun.ts';
import { readOrigin } from '../views/sql/patterns/readOrigin.ts';
import type { Call } from './Call.ts';

interface PageInput {
  cursor?: string | null | undefined;
  limit: number;
}

/** In which projects the caller may read such things. */
async function scopeOf(ctx: Call, noun: Noun): Promise<ProjectScope> {
  const anywhere = await ctx.authorizer.access(ctx.origin.tokenHash, null);
  return anywhere.projectsWhere(`${nouns[noun].table}.get`);
}

async function findOrigin(ctx: Call, noun: Noun, id: string): Promise<Origin | null> {
  if (!isAdoptable(noun)) return null;
  return readOrigin(ctx.reads, noun, { projectId: ctx.projectId, id, scope: await scopeOf(ctx, noun) });
}

/** One row with what it is made of, now or as of a time, and where it came from if the caller may see that. */
export async function getNoun<N extends Noun>(
  ctx: Call,
  noun: N,
  id: string,
  asOf: Date | undefined,
): Promise<NounDetails[N]> {
  const of = { projectId: ctx.projectId, id };
  const row = asOf ? await readAsOf(ctx.reads, noun, { ...of, asOf }) : await readNoun(ctx.reads, noun, of);
  if (!row) return fail('NOT_FOUND', { thing: noun });
  const { isAdopted, ...detail } = row;
  if (noun === 'category' || noun === 'vocabulary' || noun === 'ontology')
    return detail as unknown as NounDetails[N];
  const origin = isAdopted ? await findOrigin(ctx, noun, id) : null;
  return { ...detail, origin } as unknown as NounDetails[N];
}

/** A page of a noun's rows, newest first. */
export async function pageOfNouns<N extends Noun>(
  ctx: Call,
  noun: N,
  input: PageInput & Pick<NounFilter, 'deleted' | 'categoryId' | 'parentId'>,
): Promise<Page<NounViews[N]>> {
  const rows = await listNouns(ctx.reads, noun, {
    projectId: ctx.projectId,
    deleted: input.deleted,
    categoryId: input.categoryId,
    parentId: input.parentId,
    position: readCursor(input.cursor),
    limit: input.limit + 1,
  });
  return toPage<NounViews[N], NounViews[N]>(rows, input.limit, (row) => row);
}

/** A page of a row's versions, newest first. */
export async function pageOfHistory(
  ctx: Call,
  noun: Noun,
  id: string,
  input: PageInput,
): Promise<Page<HistoryView>> {
  const of = { projectId: ctx.projectId, id };
  const rows = await listHistory(ctx.reads, noun, {
    ...of,
    position: readCursor(input.cursor),
    limit: input.limit + 1,
  });
  if (!rows) return fail('NOT_FOUND', { thing: noun });
  const paged = toPage(rows, input.limit, (row) => row);
  return { ...paged, items: await nameReferences(ctx.reads, ctx.projectId, paged.items) };
}

/** A page of the places that use a row, newest first; those that the caller may not see are not even counted. */
export async function pageOfUses(
  ctx: Call,
  noun: Noun,
  id: string,
  input: PageInput,
): Promise<Page<UseView>> {
  const rows = await listUses(ctx.reads, noun, {
    projectId: ctx.projectId,
    id,
    scope: await scopeOf(ctx, noun),
    position: readCursor(input.cursor),
    limit: input.limit + 1,
  });
  return rows ? toPage(rows, input.limit, (row) => row) : fail('NOT_FOUND', { thing: noun });
}
