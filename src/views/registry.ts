import { z } from 'zod';
import { type Service, serviceStatuses } from '../entities/registry/Service.ts';
import type { ServiceConfig } from '../entities/registry/ServiceConfig.ts';
import type { Webhook } from '../entities/registry/Webhook.ts';
import { moment, uuid } from './columns.ts';

export const serviceStatus = z.enum(serviceStatuses);

export const serviceView = z.object({
  id: uuid,
  projectId: uuid,
  name: z.string(),
  url: z.string(),
  /** Path below `url` that tells whether it is well. */
  healthCheck: z.string().nullable(),
  status: serviceStatus,
  /** Send it back with `services.update`, so that nobody overwrites what they have not seen. */
  version: z.number(),
  lastCheckAt: moment.nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type ServiceView = z.infer<typeof serviceView>;

export function viewService(service: Service): ServiceView {
  return {
    id: service.id,
    projectId: service.projectId,
    name: service.name,
    url: service.url,
    healthCheck: service.healthCheck ?? null,
    status: service.status,
    version: service.rowVersion,
    lastCheckAt: service.lastCheck ?? null,
    createdAt: service.createdAt,
    updatedAt: service.updatedAt,
  };
}

/** A value of a service's configuration, as JSON; of a secret one only that it is set. */
export const serviceConfigView = z.object({
  serviceId: uuid,
  projectId: uuid,
  key: z.string(),
  isSecret: z.boolean(),
  /** Whether it has a value: the one of a secret is never shown. */
  isSet: z.boolean(),
  /** JSON; null for a secret. */
  value: z.unknown(),
  createdAt: moment,
  updatedAt: moment,
});
export type ServiceConfigView = z.infer<typeof serviceConfigView>;

export function viewServiceConfig(config: ServiceConfig): ServiceConfigView {
  return {
    serviceId: config.serviceId,
    projectId: config.projectId,
    key: config.key,
    isSecret: config.isSecret,
    isSet: true,
    value: config.isSecret ? null : config.value,
    createdAt: config.createdAt,
    updatedAt: config.updatedAt,
  };
}

/** What events tell of a configuration: which key, and not its value, which only its readers see. */
export const serviceConfigRef = z.object({
  serviceId: uuid,
  projectId: uuid,
  key: z.string(),
  isSecret: z.boolean(),
});
export type ServiceConfigRef = z.infer<typeof serviceConfigRef>;

export function viewServiceConfigRef(config: ServiceConfig): ServiceConfigRef {
  const { serviceId, projectId, key, isSecret } = config;
  return { serviceId, projectId, key, isSecret };
}

/** A webhook without its secret: that is shown when it is made and when it is rotated. */
export const webhookView = z.object({
  id: uuid,
  projectId: uuid,
  url: z.string(),
  /** Types of events; `issue.*` stands for all of a noun, `*` alone for all there are. */
  events: z.array(z.string()),
  active: z.boolean(),
  /** Why it was switched off by itself: it answered 410, or nothing got through for five days. */
  disabledReason: z.enum(['gone', 'failing']).nullable(),
  description: z.string(),
  createdBy: uuid.nullable(),
  /** Who said last where it goes and what it wants: it is told only what they may read. */
  responsibleId: uuid.nullable(),
  /** Send it back with `webhooks.update`, so that nobody overwrites what they have not seen. */
  version: z.number(),
  createdAt: moment,
  updatedAt: moment,
});
export type WebhookView = z.infer<typeof webhookView>;

export function viewWebhook(webhook: Webhook): WebhookView {
  return {
    id: webhook.id,
    projectId: webhook.projectId,
    url: webhook.url,
    events: webhook.events,
    active: webhook.active,
    disabledReason: webhook.disabledReason ?? null,
    description: webhook.description,
    createdBy: webhook.createdBy ?? null,
    responsibleId: webhook.responsibleId ?? webhook.createdBy ?? null,
    version: webhook.rowVersion,
    createdAt: webhook.createdAt,
    updatedAt: webhook.updatedAt,
  };
}
