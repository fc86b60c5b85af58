/** `npm run policies:reset`: makes the built-in policy the policy again, when nobody is let in who could mend it. */
import { parseArgs } from 'node:util';
import type { EntityManager } from '@mikro-orm/postgresql';
import { systemCause, transact } from './database/transaction.ts';
import { checkFixtures } from './domain/policies/checkFixtures.ts';
import { hasAdministrator, readPresentPolicy } from './domain/policies/lockOut.ts';
import { type PolicyReset, resetPolicy } from './domain/policies/resetPolicy.ts';
import { TesseraError } from './errors.ts';
import { runCommand } from './runCommand.ts';
import { runOnDatabase } from './runOnDatabase.ts';
import { readSettings } from './settings.ts';

const usage = `Usage: npm run policies:reset

Makes the built-in permission policy the policy again, at once and on every running server. Roles of your own
stay, without permissions; who holds which role stays as it is. The policy before stays in the history.

The database is the one that the server's settings name; no server needs to run. Exit code: 0 done, 1 failed,
2 wrong usage.
`;

function describeReset({ formerEpoch, epoch, added, removed }: PolicyReset): string[] {
  if (epoch === formerEpoch)
    return [`The policy is the built-in one already (epoch ${epoch}): nothing was changed.`];
  return [
    `The policy is the built-in one again (epoch ${epoch}): ${added.length} rules added, ${removed.length} removed.`,
    `To undo this, an administrator calls policies.rollback with epoch ${formerEpoch}.`,
  ];
}

/** The fixtures were not asked, but who reset the policy should know what they would have said. */
async function describeFixtures(em: EntityManager): Promise<string[]> {
  try {
    const failures = await checkFixtures(em, await readPresentPolicy(em));
    if (failures.length === 0) return [];
    return [
      'Fixtures that fail now, and refuse every change that leaves them so:',
      ...failures.map(({ sentence }) => `  ${sentence}`),
    ];
  } catch (error) {
    if (error instanceof TesseraError) return [error.message];
    throw error;
  }
}

async function describeAdministrators(em: EntityManager): Promise<string[]> {
  if (await hasAdministrator(em, await readPresentPolicy(em))) return [];
  return ['There is no active administrator. To make one: npm run admin -- grant <email>'];
}

await runCommand(async () => {
  const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const lines = await runOnDatabase(readSettings(process.env), ({ orm }) =>
    transact(orm, systemCause, async (em) => [
      ...describeReset(await resetPolicy(em)),
      ...(await describeFixtures(em)),
      ...(await describeAdministrators(em)),
    ]),
  );
  console.log(lines.join('\n'));
  return 0;
});
