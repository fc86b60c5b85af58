/**
 * A sender of digests in a process of its own, to be killed: `node stuckMailer.ts <connection as JSON> <data
 * directory>`. Its mail server takes a mail, and it never comes to write that down.
 */
import pino from 'pino';
import { Authorizer } from '../../../src/authz/Authorizer.ts';
import { openDatabase } from '../../../src/database/openDatabase.ts';
import { sendDueDigests } from '../../../src/domain/notifications/sendDueDigests.ts';
import { openSecretBox } from '../../../src/drivers/secrets/openSecretBox.ts';

const [connection = '', dataDir = ''] = process.argv.slice(2);
const { reads } = await openDatabase(JSON.parse(connection), { poolSize: 4, onPoolError: () => {} });
await sendDueDigests(
  {
    reads,
    authorizer: new Authorizer(reads, { sessionIdleDays: 1 }),
    mail: {
      send({ to, text }) {
        console.log(JSON.stringify({ to, text }));
        return new Promise(() => {});
      },
      close() {},
    },
    secrets: await openSecretBox({ DATA_DIR: dataDir }),
    publicUrl: () => 'https://tessera.example.org',
    log: pino({ level: 'silent' }),
  },
  { now: new Date(Date.now() + 1000), until: Date.now() + 60_000 },
);
