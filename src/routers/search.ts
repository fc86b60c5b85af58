import { z } from 'zod';
import { uuid } from '../views/columns.ts';
import { page } from '../views/paging.ts';
import { runSearch } from '../views/sql/search/runSearch.ts';
import { searchKindNames } from '../views/sql/search/searchKinds.ts';
import { instance, router } from './trpc.ts';

export const search = router({
  /** Finds what the caller may see, best first: by identifier, name or text, or else what was probably meant. */
  query: instance.query(
    'search.query',
    {
      ...page,
      text: z.string().describe('anything; the first 200 characters count'),
      projectId: uuid.optional(),
      kinds: z.array(z.enum(searchKindNames)).min(1).optional(),
    },
    ({ ctx, input }) =>
      runSearch(
        { reads: ctx.reads, scopeOf: (permission) => ctx.access.projectsWhere(permission) },
        { ...input, cursor: input.cursor },
      ),
  ),
});
