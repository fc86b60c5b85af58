import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendDigest } from '../../../src/domain/notifications/sendDigest.ts';
import { beginDigest } from '../../../src/domain/notifications/sql/beginDigest.ts';
import type { Mail, MailMessage } from '../../../src/drivers/mail/Mail.ts';
import { MailFailure, type MailFault } from '../../../src/drivers/mail/MailFailure.ts';
import { fail } from '../../../src/errors.ts';
import { type DigestWorld, openDigestWorld } from '../../support/digestWorld.ts';
import { failureOf } from '../../support/failure.ts';
import type { Person } from '../../support/server.ts';

let world: DigestWorld;
beforeAll(async () => {
  world = await openDigestWorld();
});
afterAll(() => world.server.close());

const at = (moment: string) => new Date(`2031-05-20T${moment}:00Z`);
const after = (milliseconds: number) => new Date(Date.now() + milliseconds);

/** Somebody who is mailed within a minute. */
async function eager(name?: string): Promise<Person> {
  const person = await world.person(name);
  await person.client.notifications.setDigest.mutate({ frequency: 'immediately' });
  return person;
}

async function digestsOf({ id }: Person): Promise<{ status: string; attempt: number; count: number }[]> {
  const { rows } = await world.tools.reads.query<{ status: string; attempt: number; count: number }>(
    'select status, attempt, notification_count as count from mail_digests where actor_id = $1 order by created_at, id',
    [id],
  );
  return rows;
}

/** A mail server that keeps what it takes, and fails as it is told. */
function fakeMail(faults: Record<string, MailFault> = {}): Mail & { taken: MailMessage[] } {
  const taken: MailMessage[] = [];
  return {
    taken,
    async send(message) {
      const fault = faults[message.to] ?? faults['*'];
      if (fault) fail('UNAVAILABLE', { reason: fault }, { cause: new MailFailure(fault, null) });
      taken.push(message);
    },
    close() {},
  };
}

describe('when a person is mailed', () => {
  test('by default it is daily at eight in UTC, to an address that was confirmed', async () => {
    const ada = await world.person('Ada');
    expect(await ada.client.notifications.digest.query({})).toEqual({
      frequency: 'daily',
      hour: 8,
      timeZone: 'UTC',
      isVerified: true,
    });
    await world.tell(ada, { createdAt: at('07:10') });
    await world.run({ now: at('07:59') });
    expect(await digestsOf(ada)).toEqual([]);
    await world.run({ now: at('08:00') });
    expect(await digestsOf(ada)).toEqual([{ status: 'sent', attempt: 1, count: 1 }]);
    await world.run({ now: at('23:00') });
    expect(await digestsOf(ada)).toHaveLength(1);
  });

  test('a daily mail comes at the hour of the time zone, and what was missed then is made up for', async () => {
    const ada = await world.person('Ada');
    await ada.client.notifications.setDigest.mutate({ hour: 18, timeZone: 'asia/kolkata' });
    await world.tell(ada, { createdAt: at('10:00') });
    await world.run({ now: at('12:29') });
    expect(await digestsOf(ada)).toEqual([]);
    await world.run({ now: at('23:00') });
    expect(await digestsOf(ada)).toHaveLength(1);
  });

  test('an hourly mail gathers what came before the hour', async () => {
    const ada = await world.person('Ada');
    await ada.client.notifications.setDigest.mutate({ frequency: 'hourly' });
    await world.tell(ada, { createdAt: at('10:05') });
    await world.tell(ada, { createdAt: at('10:50') });
    await world.run({ now: at('10:59') });
    expect(await digestsOf(ada)).toEqual([]);
    await world.run({ now: at('11:00') });
    expect(await digestsOf(ada)).toEqual([{ status: 'sent', attempt: 1, count: 2 }]);
  });

  test('nobody is mailed who wants none, whose address is not confirmed, or who is suspended', async () => {
    const [never, unconfirmed, suspended] = [await eager(), await eager(), await eager()];
    await never.client.notifications.setDigest.mutate({ frequency: 'never' });
    await world.tools.reads.query('update actors set is_verified = false where id = $1', [unconfirmed.id]);
    for (const person of [never, unconfirmed, suspended]) await world.tell(person);
    await world.tools.reads.query('update actors set suspended_at = now() where id = $1', [suspended.id]);
    await world.run({ now: after(1000) });
    for (const person of [never, unconfirmed, suspended]) expect(await digestsOf(person)).toEqual([]);
  });

  test('what was read, and what has waited for more than a week, is not mailed', async () => {
    const ada = await eager('Ada');
    const read = await world.tell(ada);
    await ada.client.notifications.markRead.mutate({ ids: [read] });
    await world.tell(ada, { createdAt: after(-8 * 86_400_000) });
    await world.run({ now: after(1000) });
    expect(await digestsOf(ada)).toEqual([]);
  });

  test('a time zone that nobody knows is refused, and says so', async () => {
    const ada = await world.person('Ada');
    for (const timeZone of ['Mars/Olympus', '+01:00', "UTC'; --"]) {
      const refused = ada.client.notifications.setDigest.mutate({ timeZone });
      expect(await failureOf(refused)).toMatchObject({ code: 'BAD_INPUT' });
    }
  });
});

describe('what a mail says', () => {
  test('it gathers by project and subject, with links, as plain text and HTML, for one click to end it', async () => {
    const [owner, ada] = [await world.person('Owner'), await eager('Ada')];
    const projectId = await world.project(owner, 'Notes', [ada]);
    const { thread } = await owner.client.threads.create.mutate({
      projectId,
      subjectType: 'project',
      subjectId: projectId,
      body: 'What shall we build?',
    });
    const subject = `thread:${thread.id}`;
    for (const title of ['Bob commented', 'Cleo commented'])
      await world.tell(ada, { projectId, subject, title });
    await world.tell(ada, { title: 'You were given 5 credits', message: 'a gift' });
    await world.run({ now: after(1000) });
    const [mail = '', ...others] = await world.mails(ada);
    expect(others).toEqual([]);
    expect(mail).toMatch(/^Subject: 3 notifications: 2 projects$/m);
    expect(mail).toMatch(/^Message-ID: <digest\.[0-9a-f-]{36}@127\.0\.0\.1>$/m);
    expect(mail).not.toMatch(/^In-Reply-To:/m);
    expect(mail).toMatch(/^List-Unsubscribe: <http:\/\/127\.0\.0\.1:\d+\/unsubscribe\?token=v1\.[\w.-]+>$/m);
    expect(mail).toContain(`/projects/${projectId}/threads/${thread.id}`);
    for (const said of ['Notes', 'Bob commented', 'Cleo commented', 'You were given 5 credits', 'a gift'])
      expect(mail.split(said).length, said).toBeGreaterThanOrEqual(3);
    expect(mail).not.toMatch(/<img|<style|<script|src=/i);
  });

  test('mails about one thread are one conversation', async () => {
    const [owner, ada] = [await world.person('Owner'), await eager('Ada')];
    const projectId = await world.project(owner, 'Notes', [ada]);
    const { thread } = await owner.client.threads.create.mutate({
      projectId,
      subjectType: 'project',
      subjectId: projectId,
      body: 'First',
    });
    for (const title of ['One', 'Two']) {
      await world.tell(ada, { projectId, subject: `thread:${thread.id}`, title });
      await world.run({ now: after(1000) });
    }
    const mails = await world.mails(ada);
    const roots = mails.map((mail) => /^References: (.*)$/m.exec(mail)?.[1]);
    expect(roots).toEqual(Array(2).fill(`<thread.${thread.id}.${ada.id}@127.0.0.1>`));
    expect(mails.map((mail) => /^Subject: (.*)$/m.exec(mail)?.[1])).toEqual(['One', 'Two']);
  });

  test('only what the person may still see is told of, and what was deleted is not', async () => {
    const [owner, ada] = [await world.person('Owner'), await eager('Ada')];
    const kept = await world.project(owner, 'Kept', [ada]);
    const left = await world.project(owner, 'Left', [ada]);
    const open = (projectId: string) =>
      owner.client.threads.create.mutate({
        projectId,
        subjectType: 'project',
        subjectId: projectId,
        body: 'A',
      });
    const [first, second, foreign] = [await open(kept), await open(kept), await open(left)];
    const about = (of: typeof first, title: string) =>
      world.tell(ada, { projectId: of.thread.projectId, subject: `thread:${of.thread.id}`, title });
    await about(first, 'still there');
    await about(second, 'deleted thread');
    await about(foreign, 'of another project');
    const { id: commentId } = await owner.client.comments.add.mutate({
      projectId: kept,
      threadId: first.thread.id,
      body: 'Oh',
    });
    await world.tell(ada, {
      projectId: kept,
      subject: `thread:${first.thread.id}`,
      title: 'deleted comment',
      payload: { commentId },
    });
    await owner.client.comments.delete.mutate({ projectId: kept, commentId });
    await owner.client.threads.delete.mutate({ projectId: kept, threadId: second.thread.id });
    await owner.client.members.remove.mutate({ projectId: left, actorId: ada.id });
    await world.run({ now: after(1000) });
    const [mail = ''] = await world.mails(ada);
    expect(mail).toContain('still there');
    for (const gone of ['deleted thread', 'of another project', 'deleted comment', 'Left'])
      expect(mail).not.toContain(gone);
    expect(await digestsOf(ada)).toEqual([{ status: 'sent', attempt: 1, count: 1 }]);
  });

  test('of offers of projects those are told of that can still be answered', async () => {
    const [owner, ada] = [await world.person('Owner'), await eager('Ada')];
    for (const name of ['Taken back', 'Still offered']) {
      const projectId = await world.project(owner, name);
      const { id: transferId } = await owner.client.projects.transfer.mutate({ projectId, actorId: ada.id });
      if (name === 'Taken back') await owner.client.projects.cancelTransfer.mutate({ projectId, transferId });
    }
    await world.run({ now: after(1000) });
    const [mail = ''] = await world.mails(ada);
    expect(mail).toContain('Still offered');
    expect(mail).not.toContain('Taken back');
  });

  test('where nothing is left to tell, nothing is sent', async () => {
    const [owner, ada] = [await world.person('Owner'), await eager('Ada')];
    const projectId = await world.project(owner, 'Left', [ada]);
    await world.tell(ada, { projectId, subject: `project:${projectId}` });
    await owner.client.members.remove.mutate({ projectId, actorId: ada.id });
    await world.run({ now: after(1000) });
    expect(await world.mails(ada)).toEqual([]);
    expect(await digestsOf(ada)).toMatchObject([{ status: 'empty' }]);
  });
});

describe('once, and not lost', () => {
  test('four workers at once send each mail once', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => eager()));
    for (const person of people) await world.tell(person);
    const mail = fakeMail();
    const now = after(1000);
    await Promise.all(Array.from({ length: 4 }, () => world.run({ now, tools: { mail } })));
    const addresses = people.map(({ email }) => email);
    const taken = mail.taken.map(({ to }) => to).filter((to) => addresses.includes(to));
    expect(taken.toSorted()).toEqual(addresses.toSorted());
  });

  test('while the mail server is down, one mail is tried, and all arrive once it is back', async () => {
    const people = [await eager(), await eager(), await eager()];
    for (const person of people) await world.tell(person);
    const down = await world.run({ now: after(1000), tools: { mail: fakeMail({ '*': 'down' }) } });
    expect(down).toMatchObject({ sent: 0, failed: 1 });
    const mail = fakeMail();
    await world.run({ now: after(3 * 60_000), tools: { mail } });
    expect(mail.taken.map(({ to }) => to).toSorted()).toEqual(people.map(({ email }) => email).toSorted());
  });

  test('an address that is refused stops nobody else, and is tried again half a day later', async () => {
    const [bad, good] = [await eager(), await eager()];
    await world.tell(bad);
    await world.tell(good);
    const mail = fakeMail({ [bad.email]: 'refused' });
    await world.run({ now: after(1000), tools: { mail } });
    expect(mail.taken.map(({ to }) => to)).toEqual([good.email]);
    await world.run({ now: after(3600_000), tools: { mail: fakeMail() } });
    expect(await digestsOf(bad)).toMatchObject([{ status: 'failed', attempt: 1 }]);
    await world.run({ now: after(16 * 3600_000), tools: { mail: fakeMail() } });
    expect(await digestsOf(bad)).toMatchObject([
      { status: 'failed' },
      { status: 'sent', attempt: 2, count: 1 },
    ]);
  });

  test('each failure in a row waits longer than the one before', async () => {
    const ada = await eager('Ada');
    await world.tell(ada);
    const waits: number[] = [];
    let now = after(1000);
    for (let round = 0; round < 6; round += 1) {
      await world.run({ now, tools: { mail: fakeMail({ '*': 'postponed' }) } });
      const { rows } = await world.tools.reads.query<{ retry_at: Date }>(
        'select retry_at from mail_digests where actor_id = $1 order by created_at desc limit 1',
        [ada.id],
      );
      const retryAt = rows[0]?.retry_at ?? now;
      waits.push((retryAt.getTime() - now.getTime()) / 60_000);
      now = new Date(retryAt.getTime() + 1);
    }
    for (const [index, minutes] of waits.entries()) {
      expect(minutes).toBeGreaterThanOrEqual(0.75 * 2 ** index - 0.001);
      expect(minutes).toBeLessThanOrEqual(1.25 * 2 ** index + 0.001);
    }
  });

  test('what a worker was handing over when it was killed is not mailed a second time', async () => {
    const ada = await eager('Ada');
    await world.tell(ada, { title: 'Perhaps arrived' });
    const program = fileURLToPath(new URL('stuckMailer.ts', import.meta.url));
    const { database, dataDir } = world.server;
    const child = spawn(process.execPath, [program, JSON.stringify(database.connection), dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    expect(JSON.parse(line)).toMatchObject({
      to: ada.email,
      text: expect.stringContaining('Perhaps arrived'),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await world.tell(ada, { title: 'Came meanwhile' });
    await world.run({ now: after(60_000) });
    expect(await world.mails(ada)).toEqual([]);
    await world.run({ now: after(700_000) });
    const mails = await world.mails(ada);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain('Came meanwhile');
    expect(mails[0]).not.toContain('Perhaps arrived');
    expect(await digestsOf(ada)).toMatchObject([{ status: 'unknown' }, { status: 'sent' }]);
  });

  test('the late word of a worker that was given up changes nothing', async () => {
    const ada = await eager('Ada');
    await world.tell(ada);
    const now = after(1000);
    const digest = await beginDigest(world.tools.reads, { userId: ada.id, now, leaseSeconds: 600 });
    if (!digest) throw new Error('The digest was not begun.');
    await world.run({ now: after(700_000) });
    await sendDigest({ ...world.tools, mail: fakeMail({ '*': 'down' }) }, digest, now);
    await world.run({ now: after(800_000) });
    expect(await world.mails(ada)).toEqual([]);
    expect(await digestsOf(ada)).toMatchObject([{ status: 'unknown' }]);
  });

  test('a mail that the server may have taken is not sent again', async () => {
    const ada = await eager('Ada');
    await world.tell(ada);
    await world.run({ now: after(1000), tools: { mail: fakeMail({ '*': 'unknown' }) } });
    await world.run({ now: after(86_400_000) });
    expect(await world.mails(ada)).toEqual([]);
    expect(await digestsOf(ada)).toMatchObject([{ status: 'unknown' }]);
  });

  test('who is deleted leaves neither a setting nor a mail that waits', async () => {
    const ada = await eager('Ada');
    await world.tell(ada);
    await ada.client.actors.delete.mutate({ password: ada.password });
    const { rows } = await world.tools.reads.query(
      `select 1 from digest_settings where actor_id = $1 union all select 1 from notification_mails where user_id = $1
       union all select 1 from mail_digests where actor_id = $1`,
      [ada.id],
    );
    expect(rows).toEqual([]);
  });
});

describe('the link that ends the mails', () => {
  async function linkFor(person: Person): Promise<string> {
    await world.tell(person);
    await world.run({ now: after(1000) });
    const mail = (await world.mails(person)).at(-1) ?? '';
    return /^List-Unsubscribe: <(.*)>$/m.exec(mail)?.[1] ?? '';
  }

  test('opening it changes nothing, and one POST without a cookie ends them', async () => {
    const ada = await eager('Ada');
    const link = await linkFor(ada);
    const shown = await fetch(link);
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await shown.text()).toContain('<form method="post"');
    expect((await ada.client.notifications.digest.query({})).frequency).toBe('immediately');
    const body = new FormData();
    body.set('List-Unsubscribe', 'One-Click');
    const ended = await fetch(link, { method: 'POST', body, redirect: 'error' });
    expect(ended.status).toBe(200);
    expect((await ada.client.notifications.digest.query({})).frequency).toBe('never');
    const again = await fetch(link, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    expect(again.status).toBe(200);
  });

  test('a link that was changed, or of which nothing is left, ends nothing', async () => {
    const ada = await eager('Ada');
    const link = await linkFor(ada);
    const token = new URL(link).searchParams.get('token') ?? '';
    const forged = [
      `${token.slice(0, -10)}${token.at(-10) === 'A' ? 'B' : 'A'}${token.slice(-9)}`,
      token.replace('v1.', 'v2.x'),
      world.tools.secrets.seal(ada.id, `webhook:${randomUUID()}`),
      ada.id,
      '',
      '"><script>alert(1)</script>',
    ];
    for (const one of forged) {
      const url = `${world.server.url}/unsubscribe?token=${encodeURIComponent(one)}`;
      const answers = [await fetch(url), await fetch(url, { method: 'POST' })];
      for (const answer of answers) {
        expect(answer.status).toBe(404);
        expect(await answer.text()).not.toContain('<script>');
      }
    }
    expect((await ada.client.notifications.digest.query({})).frequency).toBe('immediately');
  });
});
