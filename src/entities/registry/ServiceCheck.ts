import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from '../columns.ts';
import { Service, serviceStatuses } from './Service.ts';

/** What one look at a service found. */
export const ServiceCheckSchema = defineEntity({
  name: 'ServiceCheck',
  tableName: 'service_checks',
  indexes: [{ name: 'service_checks_created_at_index', properties: ['serviceId', 'createdAt', 'id'] }],
  checks: [
    { name: 'service_checks_duration_not_negative', expression: 'duration_ms >= 0' },
    { name: 'service_checks_http_status', expression: 'http_status >= 100 and http_status <= 599' },
  ],
  properties: {
    id: id(),
    serviceId: () => p.manyToOne(Service).mapToPk().deleteRule('cascade'),
    status: p.enum(serviceStatuses).nativeEnumName('service_status'),
    httpStatus: p.integer().nullable(),
    durationMs: p.integer().nullable(),
    errorMessage: p.text().nullable(),
    createdAt: createdAt(),
  },
});

export class ServiceCheck extends ServiceCheckSchema.class {}
ServiceCheckSchema.setClass(ServiceCheck);
