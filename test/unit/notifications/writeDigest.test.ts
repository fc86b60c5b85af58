import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkMessage } from '../../../src/drivers/mail/checkMessage.ts';
import type { MailedNotification } from '../../../src/domain/notifications/sql/loadDigest.ts';
import { writeDigest } from '../../../src/domain/notifications/writeDigest.ts';

const publicUrl = 'https://tessera.example.org';
const unsubscribeUrl = `${publicUrl}/unsubscribe?token=abc`;
/** Tags of the mail's own. */
const ours = new Set('!doctype html head meta title body h2 p b br a hr'.split(' '));
const project = { projectId: 'p1', projectName: 'Notes' };

function notice(over: Partial<MailedNotification> = {}): MailedNotification {
  return {
    id: 'n',
    ...project,
    title: 'Bob commented',
    message: 'Hello',
    subject: 'thread:t1',
    createdAt: new Date(0),
    ...over,
  };
}
const write = (...notifications: MailedNotification[]) =>
  writeDigest({ publicUrl, unsubscribeUrl, notifications, isCut: false });

test('one notification is its own subject; several are counted, with where they are', () => {
  expect(write(notice()).subject).toBe('Bob commented');
  expect(write(notice(), notice()).subject).toBe('2 notifications: Notes');
  const others = notice({ projectId: 'p2', projectName: 'Other' });
  expect(write(notice(), notice(), others).subject).toBe('3 notifications: 2 projects');
});

test('of one thread five are shown, and how many more there are', () => {
  const { text, html } = write(...Array.from({ length: 8 }, () => notice()));
  expect(text.match(/^\* Bob commented$/gm)).toHaveLength(5);
  expect(text).toContain('* and 3 more');
  expect(html).toContain('and 3 more');
  expect(text.match(/\/threads\/t1/g)).toHaveLength(1);
});

test('each kind of thing has its page, and what has none leads to the inbox', () => {
  const pages: [Partial<MailedNotification>, string][] = [
    [{ subject: 'issue:i1' }, '/projects/p1/issues/i1'],
    [{ subject: 'task:i1' }, '/projects/p1/tasks/i1'],
    [{ subject: 'job:i1' }, '/projects/p1/jobs/i1'],
    [{ subject: 'webhook:i1' }, '/projects/p1/webhooks/i1'],
    [{ subject: 'project:p1' }, '/projects/p1/activity'],
    [{ subject: 'credits:a1', projectId: null }, '/credits'],
    [{ subject: 'transfer:a1', projectId: null }, '/inbox'],
  ];
  for (const [over, page] of pages) expect(write(notice(over)).text).toContain(`  ${publicUrl}${page}\n`);
});

test('marks of direction and line ends in titles become spaces', () => {
  const { subject, text } = write(
    notice({ title: 'a\u202Egpj.exe\r\nBcc: eve\u2028x', message: 'b\n\n* fake\0' }),
  );
  expect(subject).toBe('a gpj.exe Bcc: eve x');
  expect(text).toContain('* a gpj.exe Bcc: eve x\n  b * fake\n');
});

test('whatever people write, no tag, header or link of theirs comes out of it', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.constantFrom(
      '<img src=x onerror=alert(1)>',
      '"><a href="https://evil.example">',
      '</p></body><script>',
      "' onmouseover='x",
      '<!--',
      '&lt;b&gt;',
    ),
  );
  fc.assert(
    fc.property(hostile, hostile, hostile, (title, message, projectName) => {
      const { subject, text, html } = write(notice({ title, message, projectName }), notice({ title }));
      expect(() =>
        checkMessage({ to: 'ada@example.org', subject, text, list: { id: 'a', unsubscribeUrl } }),
      ).not.toThrow();
      const tags = new Set(
        html.match(/<[^>]*>/g)?.map((tag) => tag.replaceAll(/^<\/?(\w+|!doctype).*$/gs, '$1')),
      );
      expect([...tags].filter((tag) => !ours.has(tag))).toEqual([]);
      const links = Array.from(html.matchAll(/href="([^"]*)"/g), (match) => match[1] ?? '');
      expect(links.every((link) => link.startsWith(publicUrl))).toBe(true);
      expect(text.isWellFormed()).toBe(true);
    }),
  );
});
