/** `npm run db:check`: fails, showing the difference, when entities and migrations do not describe the same schema. */
import { withMigratedDatabase } from './withMigratedDatabase.ts';

await withMigratedDatabase(async ({ orm }) => {
  const difference = (await orm.schema.getUpdateSchemaSQL()).trim();
  if (difference === '') {
    console.log('Entities and migrations describe the same schema.');
    return;
  }
  console.error(
    `The entities want what no migration does:\n${difference}\nWrite a migration with npm run db:new -- <verb_noun>.`,
  );
  process.exitCode = 1;
});
