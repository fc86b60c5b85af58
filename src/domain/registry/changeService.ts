import type { EntityManager } from '@mikro-orm/postgresql';
import { Service, type ServiceStatus } from '../../entities/registry/Service.ts';
import { emit } from '../../events/emit.ts';
import { viewService } from '../../views/registry.ts';
import { checkVersion } from '../checkVersion.ts';
import { pickChanges } from '../pickChanges.ts';
import { type ServiceKey, findService } from './findService.ts';

export interface ServiceFields {
  name: string;
  url: string;
  healthCheck?: string | null | undefined;
  status?: ServiceStatus | undefined;
}

/** Enters a service into the project's registry. */
export async function createService(
  em: EntityManager,
  {
    id,
    projectId,
    name,
    url,
    healthCheck,
    status,
  }: ServiceFields & { id?: string | undefined; projectId: string },
): Promise<Service> {
  const service = em.create(Service, {
    ...(id ? { id } : {}),
    projectId,
    name,
    url,
    healthCheck: healthCheck ?? null,
    status: status ?? 'UNKNOWN',
  });
  emit(em, `project:${projectId}`, 'service.created', () => viewService(service));
  return service;
}

/** Changes what is given; nothing is said when nothing differs. @throws NOT_FOUND, VERSION_CLASH */
export async function updateService(
  em: EntityManager,
  update: ServiceKey & { changes: Partial<ServiceFields>; version?: number | undefined },
): Promise<Service> {
  const service = await findService(em, update);
  await checkVersion({ thing: 'service', sent: update.version, stored: service.rowVersion }, () =>
    viewService(service),
  );
  const changes = pickChanges(service, update.changes);
  if (Object.keys(changes).length === 0) return service;
  em.assign(service, changes);
  emit(em, `project:${update.projectId}`, 'service.updated', () => viewService(service));
  return service;
}

/** Takes a service out of the registry for good, its configuration and history with it. @throws NOT_FOUND */
export async function deleteService(em: EntityManager, key: ServiceKey): Promise<Service> {
  const service = await findService(em, key);
  em.remove(service);
  emit(em, `project:${key.projectId}`, 'service.deleted', () => viewService(service));
  return service;
}
