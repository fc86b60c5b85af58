import { z } from 'zod';

/** The JSON Schema of what an event carries as JSON: moments are text there. */
export function describePayload(payload: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(payload, {
    io: 'output',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date')
        Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    },
  });
  return schema;
}
