import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Service } from '../../entities/registry/Service.ts';
import { fail } from '../../errors.ts';

export interface ServiceKey {
  projectId: string;
  serviceId: string;
}

/** A service of the project, to be changed: nobody else changes it until the transaction is over. @throws NOT_FOUND */
export async function findService(em: EntityManager, { projectId, serviceId }: ServiceKey): Promise<Service> {
  const service = await em.findOne(
    Service,
    { id: serviceId, projectId },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  return service ?? fail('NOT_FOUND', { thing: 'service' });
}
