import { readdirSync } from 'node:fs';
import { MikroORM } from '@mikro-orm/postgresql';
import config from '../../mikro-orm.config.ts';

export interface Column {
  name: string;
  type: string;
  isNullable: boolean;
  isKey: boolean;
  /** The table that it refers to. */
  refersTo: string | null;
}

export interface Table {
  name: string;
  /** The folder of `src/entities` that it stands in. */
  area: string;
  columns: Column[];
}

const entities = new URL('../entities/', import.meta.url);

/** Name of an entity → the folder it stands in. */
async function readAreas(): Promise<Map<string, string>> {
  const areas = new Map<string, string>();
  for (const folder of readdirSync(entities, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    for (const file of readdirSync(new URL(`${folder.name}/`, entities))) {
      const module = (await import(new URL(`${folder.name}/${file}`, entities).href)) as Record<
        string,
        unknown
      >;
      for (const value of Object.values(module))
        if (typeof value === 'function') areas.set(value.name, folder.name);
    }
  return areas;
}

/** Every table that has an entity, as the entities have it; no database is asked. */
export async function readTables(): Promise<Table[]> {
  const orm = new MikroORM(config);
  const areas = await readAreas();
  return [...orm.getMetadata().getAll().values()]
    .filter((meta) => !meta.abstract && !meta.embeddable)
    .map((meta) => ({
      name: meta.tableName,
      area: areas.get(meta.className) ?? 'other',
      columns: meta.props
        .filter((prop) => prop.persist !== false && prop.fieldNames?.length > 0)
        .map((prop) => ({
          name: prop.fieldNames[0] ?? '',
          type: prop.columnTypes[0] ?? '',
          isNullable: prop.nullable === true,
          isKey: prop.primary === true,
          refersTo: prop.targetMeta?.tableName ?? null,
        })),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
