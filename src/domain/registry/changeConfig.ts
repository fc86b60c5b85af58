import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import type { SecretBox } from '../../drivers/secrets/SecretBox.ts';
import { ServiceConfig } from '../../entities/registry/ServiceConfig.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { viewServiceConfigRef } from '../../views/registry.ts';
import { type ServiceKey, findService } from './findService.ts';

export interface ConfigKey extends ServiceKey {
  key: string;
}

/** What a sealed value belongs to: moved to another row it cannot be opened. */
const contextOf = ({ id }: { id: string }) => `service config:${id}`;

/**
 * Sets a value of a service's configuration. A secret one is encrypted before it reaches the database.
 * @param input.value JSON, not null
 * @throws NOT_FOUND (service)
 */
export async function setConfig(
  em: EntityManager,
  input: ConfigKey & { value: unknown; isSecret: boolean },
  secrets: SecretBox,
): Promise<ServiceConfig> {
  const { projectId, serviceId, key, value, isSecret } = input;
  await findService(em, input);
  const known = await em.findOne(ServiceConfig, { serviceId, key });
  const id = known?.id ?? uuidv7();
  const stored = isSecret
    ? { isSecret, value: null, sealedValue: secrets.seal(JSON.stringify(value), contextOf({ id })) }
    : { isSecret, value, sealedValue: null };
  const config = known
    ? em.assign(known, stored)
    : em.create(ServiceConfig, { id, projectId, serviceId, key, ...stored });
  emit(em, `project:${projectId}`, 'service.configSet', () => viewServiceConfigRef(config));
  return config;
}

/** Takes a value out of a service's configuration. @throws NOT_FOUND */
export async function removeConfig(em: EntityManager, input: ConfigKey): Promise<ServiceConfig> {
  const { projectId, serviceId, key } = input;
  await findService(em, input);
  const config =
    (await em.findOne(ServiceConfig, { serviceId, key })) ?? fail('NOT_FOUND', { thing: 'configuration' });
  em.remove(config);
  emit(em, `project:${projectId}`, 'service.configRemoved', () => viewServiceConfigRef(config));
  return config;
}
