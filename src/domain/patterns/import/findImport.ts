import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { PatternImport } from '../../../entities/patterns/PatternImport.ts';
import { fail } from '../../../errors.ts';

/** An import of the project; nobody else gives it chunks or runs it until the transaction is over. @throws NOT_FOUND */
export async function findImport(
  em: EntityManager,
  of: { projectId: string; importId: string },
): Promise<PatternImport> {
  const where = { id: of.importId, projectId: of.projectId };
  const found = await em.findOne(PatternImport, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
  return found ?? fail('NOT_FOUND', { thing: 'import' });
}
