/** Tessera as it runs: authentication, authorization, audit and events all on. */
import pino from 'pino';
import { readSettings } from '../../src/settings.ts';
import { startTessera } from '../../src/startTessera.ts';
import { reportPeer } from '../support/peer.ts';

interface Configuration {
  connection: { host: string; port: number; user: string; database: string };
  dataDir: string;
  /** Beside those of every such server. */
  settings?: Record<string, string>;
}

const { connection, dataDir, settings: given } = JSON.parse(process.argv[2] ?? '{}') as Configuration;
const settings = readSettings({
  PORT: '0',
  DATA_DIR: dataDir,
  DATABASE_POOL: '40',
  LOG_LEVEL: 'warn',
  ...given,
});
const tessera = await startTessera({
  settings,
  connection,
  log: pino({ level: 'warn' }),
  services: new Set(['api', 'realtime']),
});
reportPeer(Number(new URL(tessera.url).port));
