/**
 * The one place that loads Casbin. Its CommonJS build decides two to three times faster than its ESM build,
 * which `import` would pick; the adapter requires the same build.
 */
import { createRequire } from 'node:module';
import type * as Casbin from 'casbin';
import type { PostgresAdapter } from 'casbin-pg-adapter/lib/adapter.js';

const require = createRequire(import.meta.url);

export const casbin = require('casbin') as typeof Casbin;
export const { default: PgAdapter } = require('casbin-pg-adapter') as { default: typeof PostgresAdapter };
