/** Every entity of the registry of services and webhooks. */
import { Service } from './Service.ts';
import { ServiceCheck } from './ServiceCheck.ts';
import { ServiceConfig } from './ServiceConfig.ts';
import { Webhook } from './Webhook.ts';
import { WebhookAttempt } from './WebhookAttempt.ts';
import { WebhookDelivery } from './WebhookDelivery.ts';

export const registryEntities = [
  Service,
  ServiceConfig,
  ServiceCheck,
  Webhook,
  WebhookDelivery,
  WebhookAttempt,
];
