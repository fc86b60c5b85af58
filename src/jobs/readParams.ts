import { TesseraError } from '../errors.ts';
import type { JobDefinition } from './defineJob.ts';

/** What a job is to work with, as its handler takes it. @throws JOB_PARAMS_REFUSED with what is wrong, by field */
export function readParams(definition: JobDefinition, given: unknown): unknown {
  const read = definition.params.safeParse(given);
  if (read.success) return read.data;
  const issues = read.error.issues.map(({ path, message }) => [path.join('.') || 'params', message] as const);
  const [field = 'params', message = 'it does not fit'] = issues[0] ?? [];
  throw new TesseraError(
    'JOB_PARAMS_REFUSED',
    { jobType: definition.type, reason: `${field}: ${message}` },
    { cause: read.error, fields: Object.fromEntries(issues) },
  );
}
