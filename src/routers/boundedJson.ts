import { z } from 'zod';

/** Free data of users as a JSON object, `maxBytes` at most when written out; NUL characters, which PostgreSQL refuses, are not taken. */
export function boundedJson(maxBytes: number) {
  return z.record(z.string(), z.unknown()).superRefine((value, issues) => {
    const text = JSON.stringify(value);
    if (text.length > maxBytes) issues.addIssue({ code: 'custom', message: `more than ${maxBytes} characters of JSON` });
    if (text.includes(String.raw`\u0000`)) issues.addIssue({ code: 'custom', message: 'holds a NUL character' });
  });
}
