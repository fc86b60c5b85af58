/** The server as main.ts starts it: reads the words and settings, provides the database, and stops on a signal. */
import { parseArgs } from 'node:util';
import { bearOutages } from './bearOutages.ts';
import { provideDatabase } from './database/provideDatabase.ts';
import { transact, systemCause } from './database/transaction.ts';
import { makeSetupLink } from './domain/identity/makeSetupLink.ts';
import { explainStart } from './explainStart.ts';
import { openLog } from './openLog.ts';
import { SettingsError, describeSettings, readSettings } from './settings.ts';
import { type ServiceName, type Tessera, serviceNames, startTessera } from './startTessera.ts';

const help = `Tessera: a backend for teams that work on what is in their repositories.

  npm start [-- --services=${serviceNames.join(',')}]    start the server, or some of its services
  npm run admin -- grant <email>           make an account an administrator
  npm run demo                             see the main job on a real repository

Settings (environment variables):
`;

function readServices(given: string | undefined): Set<ServiceName> {
  const names = given === undefined ? [...serviceNames] : given.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !serviceNames.includes(name as ServiceName));
  if (unknown.length > 0)
    throw new SettingsError(`--services: ${unknown.join(', ')} is none of ${serviceNames.join(', ')}.`);
  return new Set(names as ServiceName[]);
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { services: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(help + describeSettings());
    return;
  }
  const settings = readSettings(process.env);
  const services = readServices(values.services);
  const log = openLog(settings);
  bearOutages(log);
  const provided = await provideDatabase(settings);
  const { connection, embedded } = provided;
  embedded?.lost.then(
    () => {
      log.fatal('the embedded PostgreSQL ended by itself; see postgres.log in the data directory');
      process.exit(1);
    },
    () => {},
  );

  let tessera: Tessera | undefined;
  let stopping: Promise<void> | undefined;
  const stop = async (signal: string) => {
    setTimeout(() => process.exit(1), (settings.STOP_SECONDS + 10) * 1000).unref();
    log.info({ signal }, 'stopping');
    await tessera?.stop();
    await provided[Symbol.asyncDispose]();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal means: at once. PostgreSQL stops by itself when this process is gone.
      if (stopping) process.exit(1);
      stopping = stop(signal).then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  try {
    tessera = await startTessera({ settings, connection, log, services });
  } catch (error) {
    await provided[Symbol.asyncDispose]();
    throw error;
  }
  console.log(
    `Tessera listens on ${tessera.url}${embedded && !embedded.owner ? ' (beside another process on this data directory)' : ''}`,
  );
  if (services.has('api')) {
    const { orm } = tessera.services;
    const link = await transact(orm, systemCause, (em) => makeSetupLink(em, tessera?.publicUrl ?? ''));
    if (link) console.log(`Make the first administrator here, once: ${link}`);
  }
}

run().catch((error: unknown) => {
  console.error(explainStart(error));
  process.exit(1);
});
