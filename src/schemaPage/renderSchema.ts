import { areas } from './areas.ts';
import { findHome } from './findHome.ts';
import { type Table, readTables } from './readTables.ts';
import { seedColumns } from './seedColumns.ts';
import { seedIndexes } from './seedIndexes.ts';

function renderSystem(tables: ReadonlyMap<string, Table>, system: string): string {
  const rows = Object.entries(seedColumns[system] ?? {}).flatMap(([table, text]) => {
    const columns = text === '' ? [undefined] : text.split(' ');
    const found = columns.map((column) => findHome(tables, table, column));
    // Columns that went the same way with their names take one line together.
    const ways = Map.groupBy(found, ({ column, home, why }) => {
      const [homeTable, homeColumn] = home.split('.');
      return homeColumn === column ? `${homeTable} ${why}` : `${home} ${why}`;
    });
    return [...ways.values()].map((way) => {
      const [{ column = '', home, why } = { home: '', why: '' }] = way;
      const [homeTable, homeColumn = ''] = home.split('.');
      const place =
        homeColumn !== column ? `\`${home}\`` : homeTable === table ? 'the same' : `\`${homeTable}\``;
      const names = way.map((one) => (one.column ? `\`${one.column}\`` : 'the design names none'));
      return `| \`${table}\` | ${names.join(', ')} | ${place} | ${why} |`;
    });
  });
  return `### ${system[0]?.toUpperCase()}${system.slice(1)}\n\n| table | columns | where it lives now | why |\n|---|---|---|---|\n${rows.join('\n')}`;
}

const renderIndexes = () =>
  seedIndexes
    .map(
      ({ named, now, why = '' }) => `| ${named} | ${now.map((name) => `\`${name}\``).join(', ')} | ${why} |`,
    )
    .join('\n');

const typeOf = (type: string) => type.replaceAll(/\W+/g, '_').replace(/_$/, '');

function renderArea(tables: readonly Table[], area: string): string {
  const own = tables.filter((table) => table.area === area);
  const links = own.flatMap((table) =>
    table.columns.flatMap(({ name, refersTo, isNullable }) =>
      refersTo ? [`  ${refersTo} ${isNullable ? '|o' : '||'}--o{ ${table.name} : ${name}`] : [],
    ),
  );
  const boxes = own.map(({ name, columns }) => {
    const lines = columns.map((column) => {
      const keys = [column.isKey ? 'PK' : '', column.refersTo ? 'FK' : ''].filter(Boolean).join(', ');
      return `    ${typeOf(column.type)} ${column.name}${keys ? ` ${keys}` : ''}${column.isNullable ? ' "null"' : ''}`;
    });
    return `  ${name} {\n${lines.join('\n')}\n  }`;
  });
  const title = `### ${area[0]?.toUpperCase()}${area.slice(1)}: ${areas[area] ?? ''}`;
  return `${title}\n\n\`\`\`mermaid\nerDiagram\n${[...links, ...boxes].join('\n')}\n\`\`\``;
}

/** The page `docs/schema.md`, from the entities. @throws when an area has no words to describe it. */
export async function renderSchema(): Promise<string> {
  const tables = await readTables();
  const byName = new Map(tables.map((table) => [table.name, table]));
  const nameless = tables.find(({ area }) => !(area in areas));
  if (nameless)
    throw new Error(`src/schemaPage/areas.ts has no area ${nameless.area}, where ${nameless.name} stands.`);
  const systems = Object.keys(seedColumns).map((system) => renderSystem(byName, system));
  return `# The schema

Written by \`npm run docs\` from the entities; a test holds it up to date and complete.

Keys are UUIDs of version 7, made by the application, so a client may bring its own. Moments are \`timestamptz\` in UTC. Where there is a
\`deleted_at\`, deleting sets it: unique names are free at once, the row can be restored for \`RETENTION_DAYS\`, then it is removed for good
(see [data.md](data.md)). Tables that only SQL writes (\`events\`, \`streams\`, \`mutations\`, the epochs of authorisation, counters of limits) have
no entity and no place here.

## Where the columns of the five designs live

${systems.join('\n\n')}

## Their indexes and unique constraints

| index | now | why another |
|---|---|---|
${renderIndexes()}

Lengths are the designs' or more (a name of a project may have 255 characters, the tag of a language 35), and what a design gives a default has it,
unless the application always says the value. Texts that take one of a few values (\`VARCHAR(50)\` in the designs) are PostgreSQL enums in the designs' spelling.

## Diagrams

${Object.keys(areas)
  .filter((area) => tables.some((table) => table.area === area))
  .map((area) => renderArea(tables, area))
  .join('\n\n')}
`;
}
