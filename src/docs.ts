/** `npm run docs`: writes the pages that are generated from the code; a test holds them up to date. */
import { writeFile } from 'node:fs/promises';
import { renderErrors } from './renderErrors.ts';

await writeFile(new URL('../docs/errors.md', import.meta.url), renderErrors());
