import { escapeHtml } from './escapeHtml.ts';
import { cut } from './excerpt.ts';
import { type DigestSection, type DigestSubject, groupDigest } from './groupDigest.ts';
import { linkOf } from './linkOf.ts';
import type { MailedNotification } from './sql/loadDigest.ts';

export interface DigestText {
  subject: string;
  text: string;
  html: string;
}

export interface DigestContent {
  /** Without a slash at the end. */
  publicUrl: string;
  unsubscribeUrl: string;
  /** Newest first, one at least. */
  notifications: readonly MailedNotification[];
  /** Whether there is more than these. */
  isCut: boolean;
}

const longestTitle = 150;
const longestMessage = 300;
/** Of one thread or issue, at most. */
const mostOfSubject = 5;

// Line ends would begin another header or fake another entry; marks of direction make text read as what it is not.
const unruly = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

/** What somebody wrote, as one line of at most so many characters. */
function toLine(text: string, most: number): string {
  return cut(text.replaceAll(unruly, ' ').replaceAll(/\s+/g, ' ').trim(), most);
}

const titleOf = ({ title }: MailedNotification) => toLine(title, longestTitle);
const messageOf = ({ message }: MailedNotification) => toLine(message, longestMessage);
const nameOf = ({ projectName }: DigestSection) =>
  projectName === null ? 'Your account' : toLine(projectName, 100);

function writeSubject(
  notifications: readonly MailedNotification[],
  sections: readonly DigestSection[],
): string {
  const [first] = notifications;
  if (first && notifications.length === 1) return titleOf(first);
  const where = sections.length === 1 && sections[0] ? nameOf(sections[0]) : `${sections.length} projects`;
  return `${notifications.length} notifications: ${where}`;
}

function writeText(sections: readonly DigestSection[], content: DigestContent): string {
  const lines: string[] = [];
  const writeItems = ({ items, ...of }: DigestSubject) => {
    for (const item of items.slice(0, mostOfSubject)) {
      lines.push(`* ${titleOf(item)}`);
      if (messageOf(item)) lines.push(`  ${messageOf(item)}`);
    }
    if (items.length > mostOfSubject) lines.push(`* and ${items.length - mostOfSubject} more`);
    lines.push(`  ${linkOf(content.publicUrl, of)}`, '');
  };
  for (const section of sections) {
    lines.push(nameOf(section), '-'.repeat(Array.from(nameOf(section)).length), '');
    for (const subject of section.subjects) writeItems(subject);
  }
  if (content.isCut) lines.push(`There is more in your inbox: ${content.publicUrl}/inbox`, '');
  lines.push('-- ', 'You get this mail because you have not read these notifications.');
  lines.push(`To get no such mails any more: ${content.unsubscribeUrl}`);
  return `${lines.join('\n')}\n`;
}

function renderSubject({ items, ...of }: DigestSubject, publicUrl: string): string {
  const shown = items.slice(0, mostOfSubject).map((item) => {
    const message = messageOf(item);
    return `<p><b>${escapeHtml(titleOf(item))}</b>${message ? `<br>${escapeHtml(message)}` : ''}</p>`;
  });
  const rest = items.length - mostOfSubject;
  const more = rest > 0 ? `<p>and ${rest} more</p>` : '';
  return `${shown.join('\n')}\n${more}<p><a href="${escapeHtml(linkOf(publicUrl, of))}">Open</a></p>`;
}

/** No image, no style sheet, nothing that is fetched: opening it tells nobody. */
function writeHtml(sections: readonly DigestSection[], content: DigestContent): string {
  const { publicUrl, unsubscribeUrl, isCut } = content;
  const body = sections.map(
    (section) =>
      `<h2>${escapeHtml(nameOf(section))}</h2>\n${section.subjects.map((subject) => renderSubject(subject, publicUrl)).join('\n<hr>\n')}`,
  );
  const more = isCut
    ? `<p>There is more in <a href="${escapeHtml(`${publicUrl}/inbox`)}">your inbox</a>.</p>`
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Notifications</title></head><body>
${body.join('\n')}
${more}
<hr>
<p>You get this mail because you have not read these notifications.
<a href="${escapeHtml(unsubscribeUrl)}">Get no such mails any more</a></p>
</body></html>
`;
}

/** Writes one mail about what somebody has not read, as plain text and as simple HTML. */
export function writeDigest(content: DigestContent): DigestText {
  const sections = groupDigest(content.notifications);
  return {
    subject: writeSubject(content.notifications, sections),
    text: writeText(sections, content),
    html: writeHtml(sections, content),
  };
}
