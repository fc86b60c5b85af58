/** What an operator does from the command line: `npm run admin -- grant <email>`, `revoke <email>`, `setup-link`. */
import { parseArgs } from 'node:util';
import type { Database } from './database/openDatabase.ts';
import { systemCause, transact } from './database/transaction.ts';
import { grantSystemRole } from './domain/identity/grantSystemRole.ts';
import { makeSetupLink } from './domain/identity/makeSetupLink.ts';
import { unsuspendActor } from './domain/identity/suspendActor.ts';
import { Actor } from './entities/identity/Actor.ts';
import { Role } from './entities/identity/Role.ts';
import { runCommand } from './runCommand.ts';
import { runOnDatabase } from './runOnDatabase.ts';
import { type Settings, publicUrlOf, readSettings } from './settings.ts';

const usage = `Usage: npm run admin -- <command>

  grant <email>    make an account an administrator, and lift its suspension if there is one
  revoke <email>   take the administrator's role away; the last one keeps it
  setup-link       print a link that makes the first administrator, once and within 24 hours

The database is the one that the server's settings name. Exit code: 0 done, 1 refused or failed, 2 wrong usage.
`;

/** What to print, and the exit code. */
interface Outcome {
  text: string;
  code: 0 | 1;
}
type Command = (database: Database, settings: Settings) => Promise<Outcome>;

const standings = { admin: 'is an administrator now', user: 'is no administrator any more' };
/** What becomes of an account that was suspended. */
const notes = {
  admin: ' The account was suspended: that is lifted.',
  user: ' The account stays suspended.',
};

async function changeRole({ orm }: Database, email: string, role: 'admin' | 'user'): Promise<Outcome> {
  return transact(orm, systemCause, async (em) => {
    const actor = await em.findOne(Actor, { email: email.trim().toLowerCase() });
    if (!actor) return { text: `There is no account with the e-mail address ${email}.`, code: 1 };
    const held = await em.findOne(Role, { id: actor.roleId });
    const wasSuspended = actor.suspendedAt !== null;
    const isKnown = (held?.name === 'admin') === (role === 'admin');
    if (isKnown && role === 'user')
      return { text: `${actor.email} (${actor.username}) is no administrator already.`, code: 0 };
    // Also for who is one by name: the rule that makes them one may be gone, and this is how to get in again.
    await grantSystemRole(em, actor, role);
    if (role === 'admin') await unsuspendActor(em, actor.id);
    const now = isKnown ? 'is an administrator already' : standings[role];
    const note = wasSuspended ? notes[role] : '';
    return { text: `${actor.email} (${actor.username}) ${now}.${note}`, code: 0 };
  });
}

async function printSetupLink({ orm }: Database, settings: Settings): Promise<Outcome> {
  const link = await transact(orm, systemCause, (em) =>
    makeSetupLink(em, publicUrlOf(settings, settings.PORT)),
  );
  if (link) return { text: link, code: 0 };
  return {
    text: 'There is an administrator already. To make another: npm run admin -- grant <email>',
    code: 1,
  };
}

/** The command that the arguments ask for; undefined: none that there is. */
function readCommand(words: string[]): Command | undefined {
  const [name, email, ...rest] = words;
  if (rest.length > 0) return undefined;
  if (name === 'grant' && email) return (database) => changeRole(database, email, 'admin');
  if (name === 'revoke' && email) return (database) => changeRole(database, email, 'user');
  if (name === 'setup-link' && !email) return printSetupLink;
  return undefined;
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean' } },
  });
  const command = readCommand(positionals);
  if (values.help || !command) {
    if (!values.help && positionals[0])
      console.error(`${positionals.join(' ')} is none of these commands:\n`);
    (values.help ? console.log : console.error)(usage);
    return values.help ? 0 : 2;
  }
  const settings = readSettings(process.env);
  const { text, code } = await runOnDatabase(settings, (database) => command(database, settings));
  (code === 0 ? console.log : console.error)(text);
  return code;
}

await runCommand(run);
