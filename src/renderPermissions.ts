import { readFileSync, readdirSync } from 'node:fs';
import { defaultPermissions } from './authz/defaultPolicy.ts';
import { splitPermission } from './authz/permissionNames.ts';
import { appRouter } from './routers/_app.ts';
import { describeRoutes } from './routers/describeRoutes.ts';

const routers = new URL('routers/', import.meta.url);
const documented =
  /\/\*\*((?:(?!\*\/)[^])*)\*\/\n {2}\w+: (?:project|instance)\.(?:query|mutation|subscription)\(\s*'([\w.]+)'/g;

/** Permission → the first sentence of the docstring above its procedure. */
function readSummaries(): Map<string, string> {
  const sources = readdirSync(routers)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, routers), 'utf8'));
  return new Map(
    sources.flatMap((source) =>
      [...source.matchAll(documented)].map(([, comment = '', permission = '']) => {
        const text = comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim();
        return [permission, /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text];
      }),
    ),
  );
}

const kinds = { query: 'query', mutation: 'mutation', subscription: 'live' };

/** The table of every permission, as docs/permissions.md shows it. */
function renderTable(): string {
  const summaries = readSummaries();
  const rows = describeRoutes(appRouter).map(({ path, type, scope }) => {
    const [object, action] = splitPermission(path);
    const least = defaultPermissions[object]?.[action] ?? '';
    const summary = (summaries.get(path) ?? '').replaceAll('|', '\\|');
    return `| \`${path}\` | ${kinds[type]} | ${scope} | ${least} | ${summary} |`;
  });
  return `| permission | kind | scope | least role | what it does |\n|---|---|---|---|---|\n${rows.join('\n')}`;
}

const begin = '<!-- permissions: written by npm run docs -->';
const end = '<!-- /permissions -->';

/** The page with its table of permissions as the code has them now. */
export function renderPermissions(page: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/permissions.md has no lines ${begin} and ${end}.`);
  return `${before}${begin}\n\n${renderTable()}\n\n${end}${after}`;
}
