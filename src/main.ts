/**
 * The server: `npm start`. What the compiler makes of its thousands of modules is kept beside the packages, where
 * only who may change the program can write: from the second start on, that halves what loading costs.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Where it cannot be written, everything is compiled as ever; NODE_COMPILE_CACHE names another place.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/tessera'));
await import('./serve.ts');
