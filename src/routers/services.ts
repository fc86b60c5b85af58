import { z } from 'zod';
import { removeConfig, setConfig } from '../domain/registry/changeConfig.ts';
import { createService, deleteService, updateService } from '../domain/registry/changeService.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { serviceStatus, viewService, viewServiceConfig } from '../views/registry.ts';
import { listServiceConfigs } from '../views/sql/registry/listServiceConfigs.ts';
import { listServices } from '../views/sql/registry/listServices.ts';
import { readService } from '../views/sql/registry/readService.ts';
import type { Call } from './Call.ts';
import { configKey, configValue, healthCheck, serviceName, serviceUrl } from './registryFields.ts';
import { project, router } from './trpc.ts';
import { version } from './workFields.ts';

async function requireService(ctx: Call, serviceId: string) {
  const service = await readService(ctx.reads, { projectId: ctx.projectId, serviceId });
  return service ?? fail('NOT_FOUND', { thing: 'service' });
}

export const services = router({
  /** Enters a service into the project's registry. */
  create: project.mutation(
    'services.create',
    {
      id: uuid.optional(),
      name: serviceName,
      url: serviceUrl,
      healthCheck: healthCheck.nullish(),
      status: serviceStatus.optional(),
    },
    ({ ctx, input }) =>
      ctx.write((em) => createService(em, { ...input, projectId: ctx.projectId }), viewService),
  ),

  /** One service. */
  get: project.query('services.get', { serviceId: uuid }, ({ ctx, input }) =>
    requireService(ctx, input.serviceId),
  ),

  /** The project's services, newest first. */
  list: project.query(
    'services.list',
    { ...page, status: serviceStatus.optional() },
    async ({ ctx, input: { cursor, limit, status } }) => {
      const position = readCursor(cursor);
      const of = { projectId: ctx.projectId, filter: { status }, position, limit: limit + 1 };
      return toPage(await listServices(ctx.reads, of), limit, (service) => service);
    },
  ),

  /** Changes what is given; `status` is what people say of it, such as MAINTENANCE. */
  update: project.mutation(
    'services.update',
    {
      serviceId: uuid,
      name: serviceName.optional(),
      url: serviceUrl.optional(),
      healthCheck: healthCheck.nullish(),
      status: serviceStatus.optional(),
      version,
    },
    ({ ctx, input: { serviceId, version: sent, projectId: _, mutationId: __, ...changes } }) =>
      ctx.write(
        (em) => updateService(em, { projectId: ctx.projectId, serviceId, changes, version: sent }),
        viewService,
      ),
  ),

  /** Takes a service out of the registry for good, with its configuration and history. */
  delete: project.mutation('services.delete', { serviceId: uuid }, ({ ctx, input: { serviceId } }) =>
    ctx.write((em) => deleteService(em, { projectId: ctx.projectId, serviceId }), viewService),
  ),

  /**
   * Sets a value of a service's configuration, in place of what was there. A secret one is kept encrypted,
   * and never returned: give it again to change it. Doing it twice is doing it once.
   */
  setConfig: project.mutation(
    'services.setConfig',
    { serviceId: uuid, key: configKey, value: configValue, isSecret: z.boolean().default(false) },
    // Repeatable: from the hash of the input, which is kept otherwise, a short secret could be guessed.
    ({ ctx, input: { serviceId, key, value, isSecret } }) =>
      ctx.write(
        (em) => setConfig(em, { projectId: ctx.projectId, serviceId, key, value, isSecret }, ctx.secrets),
        viewServiceConfig,
        { isRepeatable: true },
      ),
  ),

  /** Takes a value out of a service's configuration. */
  removeConfig: project.mutation(
    'services.removeConfig',
    { serviceId: uuid, key: configKey },
    ({ ctx, input: { serviceId, key } }) =>
      ctx.write((em) => removeConfig(em, { projectId: ctx.projectId, serviceId, key }), viewServiceConfig),
  ),

  /** The configuration of a service, newest first; of secret values only that they are set. */
  configs: project.query(
    'services.configs',
    { ...page, serviceId: uuid },
    async ({ ctx, input: { cursor, limit, serviceId } }) => {
      await requireService(ctx, serviceId);
      const position = readCursor(cursor);
      const of = { projectId: ctx.projectId, serviceId, position, limit: limit + 1 };
      return toPage(await listServiceConfigs(ctx.reads, of), limit, ({ id: _, ...config }) => config);
    },
  ),
});
