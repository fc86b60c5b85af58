import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text, updatedAt } from '../columns.ts';
import { Project } from '../projects/Project.ts';
import { Service } from './Service.ts';

/** One value of a service's configuration. What is secret lies in `sealedValue` alone, and is never shown again. */
export const ServiceConfigSchema = defineEntity({
  name: 'ServiceConfig',
  tableName: 'service_configs',
  uniques: [{ name: 'service_configs_key_unique', properties: ['serviceId', 'key'] }],
  checks: [
    {
      name: 'service_configs_one_value',
      expression: '(sealed_value is not null) = is_secret and (value is null) = is_secret',
    },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade').index(),
    serviceId: () => p.manyToOne(Service).mapToPk().deleteRule('cascade'),
    key: text(255),
    value: p.json().$type<unknown>().nullable(),
    isSecret: p.boolean().default(false),
    /** As SecretBox writes it. */
    sealedValue: p.text().nullable().hidden(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class ServiceConfig extends ServiceConfigSchema.class {}
ServiceConfigSchema.setClass(ServiceConfig);
