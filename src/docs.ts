/** `npm run docs`: writes the pages that are generated from the code; a test holds them up to date. */
import { readFile, writeFile } from 'node:fs/promises';
import { renderErrors } from './renderErrors.ts';
import { renderPermissions } from './renderPermissions.ts';
import { renderSchema } from './schemaPage/renderSchema.ts';

const page = (name: string) => new URL(`../docs/${name}`, import.meta.url);

await writeFile(page('errors.md'), renderErrors());
const permissions = page('permissions.md');
await writeFile(permissions, renderPermissions(await readFile(permissions, 'utf8')));
await writeFile(page('schema.md'), await renderSchema());
