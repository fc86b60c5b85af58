/** `npm run -s policies:export > policy.csv`: the policy, or its model, for other Casbin tools. */
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { modelText } from './authz/Snapshot.ts';
import { openDatabase } from './database/openDatabase.ts';
import { provideDatabase } from './database/provideDatabase.ts';
import { exportPolicy } from './domain/policies/exportPolicy.ts';
import { runCommand } from './runCommand.ts';
import { type Settings, readSettings } from './settings.ts';

const usage = `Usage: npm run -s policies:export [-- <option>] > policy.csv

  (none)           what every role may do and inherits
  --memberships    who holds which role where, too, however many there are
  --model          the Casbin model that the policy is written for, instead

Written to the standard output in Casbin's own format; -s keeps npm from writing there as well. The database is
the one that the server's settings name; nothing in it is changed. Exit code: 0 done, 1 failed, 2 wrong usage.
`;

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Batch by batch, never faster than it is read. */
async function print(settings: Settings, memberships: boolean): Promise<void> {
  await using provided = await provideDatabase(settings);
  await using database = await openDatabase(provided.connection, { poolSize: 2, onPoolError: () => {} });
  const batches = exportPolicy(database.reads, { memberships, projectId: null, atMost: null });
  async function* texts(): AsyncGenerator<string> {
    for await (const { lines } of batches) yield `${lines.join('\n')}\n`;
  }
  await pipeline(texts(), process.stdout, { end: false });
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: { help: { type: 'boolean' }, memberships: { type: 'boolean' }, model: { type: 'boolean' } },
  });
  if (values.help || (values.model && values.memberships)) {
    (values.help ? console.log : console.error)(usage);
    return values.help ? 0 : 2;
  }
  if (values.model) {
    process.stdout.write(modelText);
    return 0;
  }
  try {
    await print(readSettings(process.env), values.memberships ?? false);
    return 0;
  } catch (error) {
    // Whoever reads has read enough.
    if (codeOf(error) === 'EPIPE') return 0;
    if (codeOf(error) !== '42P01') throw error;
    console.error('There is no policy in this database yet. Start the server once with these settings.');
    return 1;
  }
});
