import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import type { Noun } from '../../entities/patterns/nouns.ts';
import { fail } from '../../errors.ts';
import { ownUses } from '../../views/sql/patterns/useSql.ts';

const mostNamed = 3;

/** @throws PATTERN_IN_USE, which names where, when something of its own project uses the row. */
export async function refuseUsed(
  em: EntityManager,
  noun: Noun,
  row: { id: string; name: string },
): Promise<void> {
  const parts = ownUses[noun];
  if (parts.length === 0) return;
  const uses = await executePrepared<{ kind: string; name: string; total: number }>(
    em,
    `select kind, name, (count(*) over ())::int as total from (${parts.join(' union all ')}) u
     order by created_at, id limit ${mostNamed}`,
    [row.id],
  );
  const total = uses[0]?.total ?? 0;
  if (total === 0) return;
  const named = uses.map((use) => `the ${use.kind} ${use.name}`).join(', ');
  const rest = total > mostNamed ? ` and ${total - mostNamed} more` : '';
  fail('PATTERN_IN_USE', { thing: noun, name: row.name, uses: `${named}${rest}` });
}
