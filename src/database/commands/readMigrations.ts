import { readdir } from 'node:fs/promises';
import { Migration } from '@mikro-orm/migrations';

export interface MigrationText {
  /** Its file's name, without the ending. */
  name: string;
  up: string[];
  down: string[];
}

const folder = new URL('../../../migrations/', import.meta.url);

/** A migration's constructor, as far as it is made here without a database: its SQL asks none. */
type MigrationClass = new (...parts: never[]) => Migration;

async function collect(made: Migration, direction: 'up' | 'down'): Promise<string[]> {
  made.reset();
  await made[direction]();
  return made.getQueries().map(String);
}

/** The SQL of every migration, in the order in which they are applied. */
export async function readMigrations(): Promise<MigrationText[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).toSorted();
  const texts: MigrationText[] = [];
  for (const file of files) {
    const module = (await import(new URL(file, folder).href)) as Record<string, unknown>;
    const Class = Object.values(module).find(
      (value): value is MigrationClass => typeof value === 'function' && value.prototype instanceof Migration,
    );
    if (!Class) throw new Error(`migrations/${file} exports no migration.`);
    const made = new Class();
    texts.push({
      name: file.replace(/\.ts$/, ''),
      up: await collect(made, 'up'),
      down: await collect(made, 'down'),
    });
  }
  return texts;
}
