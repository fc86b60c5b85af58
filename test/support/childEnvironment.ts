import { fileURLToPath } from 'node:url';

/**
 * What a program that a test starts finds in its environment, besides what the test gives. The cache of
 * compiled modules halves what a start costs, for there are many.
 */
export const childEnvironment = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/tessera-test', import.meta.url)),
};
