/** Tessera as it runs, and the moments of its commits. */
import pino from 'pino';
import { readSettings } from '../../src/settings.ts';
import { startTessera } from '../../src/startTessera.ts';
import { reportPeer } from '../support/peer.ts';

interface Configuration {
  connection: { host: string; port: number; user: string; database: string };
  dataDir: string;
}

const { connection, dataDir } = JSON.parse(process.argv[2] ?? '{}') as Configuration;
const settings = readSettings({ PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn', MAX_LAG_MS: '60000' });
const tessera = await startTessera({
  settings,
  connection,
  log: pino({ level: 'warn' }),
  services: new Set(['api', 'realtime']),
});
/** Milliseconds of the machine's monotonic clock, which all processes share. */
let commits: number[] = [];
tessera.services.orm.em.getEventManager().registerSubscriber({
  afterTransactionCommit() {
    commits.push(Number(process.hrtime.bigint()) / 1e6);
  },
});
reportPeer(Number(new URL(tessera.url).port), () => {
  const taken = commits;
  commits = [];
  return taken;
});
