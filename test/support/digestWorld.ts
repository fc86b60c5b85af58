/** People with unread notifications, and what is mailed to them. */
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { systemCause, transact } from '../../src/database/transaction.ts';
import type { DigestTools } from '../../src/domain/notifications/sendDigest.ts';
import { sendDueDigests } from '../../src/domain/notifications/sendDueDigests.ts';
import {
  type NewNotification,
  insertNotifications,
} from '../../src/domain/notifications/sql/insertNotifications.ts';
import { openFolderMail } from '../../src/drivers/mail/openFolderMail.ts';
import { mailsTo } from './mailbox.ts';
import { type Person, type TestServer, startServer } from './server.ts';

export interface DigestWorld {
  server: TestServer;
  tools: DigestTools;
  /** Somebody new, whose address is confirmed. */
  person(name?: string): Promise<Person>;
  /** A project of the owner in which the others are editors. */
  project(owner: Person, name: string, members?: readonly Person[]): Promise<string>;
  /** Tells a person of something; left out, of their own account. */
  tell(person: Person, notice?: Partial<NewNotification>): Promise<string>;
  /** Mails who is due, by that clock; left out, by this one. */
  run(options?: { now?: Date; tools?: Partial<DigestTools> }): ReturnType<typeof sendDueDigests>;
  /** Mails about notifications that have reached a person, oldest first. */
  mails(person: Person): Promise<string[]>;
}

export async function openDigestWorld(): Promise<DigestWorld> {
  // Without a worker, so that nobody else sends.
  const server = await startServer({ services: new Set(['api']) });
  const { orm, reads, authorizer, secrets, publicUrl, log } = server.tessera.services;
  const mail = openFolderMail({
    dir: join(server.dataDir, 'mail'),
    from: 'Tessera <tessera@example.org>',
    log: () => {},
  });
  const tools: DigestTools = { reads, authorizer, mail, secrets, log, publicUrl: () => publicUrl };
  let told = 0;
  return {
    server,
    tools,
    async person(name) {
      const person = await server.person(name);
      await reads.query('update actors set is_verified = true where id = $1', [person.id]);
      return person;
    },
    async project(owner, name, members = []) {
      const { id: projectId } = await owner.client.projects.create.mutate({ name });
      for (const { id } of members)
        await owner.client.members.add.mutate({ projectId, actorId: id, role: 'editor' });
      return projectId;
    },
    async tell(person, notice = {}) {
      told += 1;
      const row: NewNotification = {
        id: uuidv7(),
        userId: person.id,
        projectId: null,
        type: 'comment',
        title: `Notice ${told}`,
        message: '',
        subject: `credits:${person.id}`,
        payload: {},
        eventStream: 'test',
        eventSeq: told,
        createdAt: new Date(),
        ...notice,
      };
      await transact(orm, systemCause, (em) => insertNotifications(em, [row]));
      return row.id;
    },
    run: ({ now = new Date(), tools: other } = {}) =>
      sendDueDigests({ ...tools, ...other }, { now, until: Date.now() + 60_000 }),
    mails: async ({ email }) =>
      (await mailsTo(server.dataDir, email)).filter((text) => /^List-Id: <notifications\./im.test(text)),
  };
}
