/** `npm run credits:verify`: compares balances, holds and debts with the records they follow from. */
import { parseArgs } from 'node:util';
import { verifyCredits } from './domain/credits/verifyCredits.ts';
import { runCommand } from './runCommand.ts';
import { runOnDatabase } from './runOnDatabase.ts';
import { readSettings } from './settings.ts';

const usage = `Usage: npm run credits:verify

Compares every balance with its history, what is held with the open holds, debts with what was taken back, the
cost of jobs with what they were charged, and purchases with what was given for them, all as of one instant.

The database is the one that the server's settings name; a server may be running. Exit code: 0 all agree,
1 something differs (each difference is a line) or the command failed, 2 wrong usage.
`;

await runCommand(async () => {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const differences = await runOnDatabase(readSettings(process.env), ({ orm }) => verifyCredits(orm));
  for (const { sentence } of differences) console.error(sentence);
  console.log(
    differences.length === 0 ? 'All records of credits agree.' : `${differences.length} differences.`,
  );
  return differences.length === 0 ? 0 : 1;
});
