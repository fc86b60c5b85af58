/** `npm run db:new -- <verb_noun>`: writes a migration that takes the migrated schema to what the entities say. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withMigratedDatabase } from './withMigratedDatabase.ts';

const name = process.argv[2] ?? '';
if (!/^[a-z]+(_[a-z]+)+$/.test(name)) {
  console.error('Name the migration verb_noun, for instance: npm run db:new -- add_thread_title');
  process.exit(1);
}

/** The session's encoding; and triggers and functions, which entities do not describe, so the ORM takes them for missing. */
const notOurs = /^(?:set names|create or replace function|create trigger)\b/i;

/** One statement a call, as the migrations stand in the repository. */
function toCalls(sql: string): string {
  return sql
    .split(/;\s*\n/)
    .map((statement) => statement.trim().replace(/;$/, ''))
    .filter((statement) => statement !== '' && !notOurs.test(statement))
    .map((statement) => `    this.addSql(\`${statement.replaceAll(/[\\`]|\$\{/g, String.raw`\$&`)}\`);`)
    .join('\n');
}

await withMigratedDatabase(async (database) => {
  const { up, down } = await database.orm.schema.getUpdateSchemaMigrationSQL();
  if (toCalls(up) === '') {
    console.error(
      'The entities want nothing that the migrations do not do already: there is nothing to write.',
    );
    process.exitCode = 1;
    return;
  }
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const timeout = `    this.addSql(\`set local lock_timeout = '5s'\`);`;
  const text = `import { Migration } from '@mikro-orm/migrations';

export class Migration${stamp} extends Migration {
  override up(): void {
${timeout}
${toCalls(up)}
  }

  override down(): void {
${timeout}
${toCalls(down)}
  }
}
`;
  const file = join('migrations', `${stamp}_${name}.ts`);
  await writeFile(file, text);
  console.log(`Wrote ${file}. Read it: expand first, contract in a later release; down must undo up.`);
});
