import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text, updatedAt } from '../columns.ts';
import { Project } from '../projects/Project.ts';

export const serviceStatuses = ['UNKNOWN', 'UP', 'DEGRADED', 'DOWN', 'MAINTENANCE'] as const;
export type ServiceStatus = (typeof serviceStatuses)[number];

/** A running system that the project looks after. */
export const ServiceSchema = defineEntity({
  name: 'Service',
  tableName: 'services',
  indexes: [
    { name: 'services_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    { name: 'services_name_index', properties: ['projectId', 'name'] },
    { name: 'services_status_index', properties: ['projectId', 'status'] },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    name: text(255),
    url: text(255),
    /** Path below `url` that tells whether it is well. */
    healthCheck: text(255).nullable(),
    status: p.enum(serviceStatuses).nativeEnumName('service_status').default('UNKNOWN'),
    lastCheck: moment(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class Service extends ServiceSchema.class {}
ServiceSchema.setClass(Service);
