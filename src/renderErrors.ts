import { errorTable } from './errors.ts';

/** The table of errors as docs/errors.md shows it. */
export function renderErrors(): string {
  const rows = Object.entries(errorTable)
    .map(([code, row]) => `| \`${code}\` | ${row.trpc} | ${row.message} | ${row.remedy} |`)
    .join('\n');
  return `# Errors

Every failed call answers a tRPC error. Its \`data\` carries \`code\` (first column), \`httpStatus\`, \`path\`, \`remedy\`
and, for bad input, \`fields\`: field path → what is wrong with it. Where a program can do something with more than
that, as with \`POLICY_STALE\` and \`FIXTURES_FAILED\`, it stands in \`details\`. \`readFailure(error)\` of the client reads
them.
A failed job carries the same code, message and remedy.

What a caller may not see answers \`NOT_FOUND\`, unless they can see its project: then it is \`FORBIDDEN\`.

This page is generated from \`src/errors.ts\` by \`npm run docs\`. Words in braces are filled in.

| code | tRPC code | what happened | what to do |
|---|---|---|---|
${rows}
`;
}
