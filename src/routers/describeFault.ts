import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** How zod's own texts begin; ours are written for the field, and stay. */
const isByZod = /^(?:Invalid|Too|Unrecognized) /;

const things: Record<string, string> = {
  array: 'a list',
  bigint: 'a whole number',
  boolean: 'true or false',
  date: 'a date',
  int: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
};
const formats: Record<string, string> = {
  base64: 'in base64',
  datetime: 'a date and time (ISO 8601)',
  email: 'an e-mail address',
  url: 'a URL',
  uuid: 'a UUID',
};
/** What is counted of a text or a list, by its size. */
const units: Record<string, [one: string, more: string]> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
};

function describeBound(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const { origin, inclusive = true } = issue;
  const isSmall = issue.code === 'too_small';
  const bound = isSmall ? issue.minimum : issue.maximum;
  const unit = units[origin];
  if (isSmall && unit && Number(bound) === 1) return 'must not be empty';
  const relation = inclusive ? (isSmall ? 'at least' : 'at most') : isSmall ? 'more than' : 'less than';
  const size = origin === 'date' ? new Date(Number(bound)).toISOString() : String(bound);
  const verb = origin === 'array' || origin === 'set' ? 'must have' : 'must be';
  return `${verb} ${relation} ${size}${unit ? ` ${unit[size === '1' ? 0 : 1]}` : ''}`;
}

/** What is wrong with a field of the input, as a sentence that begins with the field: `name` “must not be empty”. */
export function describeFault(issue: Issue): string {
  if (!isByZod.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'must be given';
      return `must be ${things[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
    case 'too_big':
      return describeBound(issue);
    case 'invalid_format':
      if (issue.pattern && !formats[issue.format])
        return `must match ${issue.pattern.replace(/^\/(.*)\/\w*$/, '$1')}`;
      return `must be ${formats[issue.format] ?? `in the form of ${issue.format}`}`;
    case 'unrecognized_keys':
      return `must not have ${issue.keys.map((key) => `\`${key}\``).join(', ')}`;
    case 'invalid_union':
      return 'must have one of the forms that this procedure takes';
    default:
      return issue.message;
  }
}
