import type { Services } from './context.ts';

/** Secrets of links, as makeMailToken makes them. */
const linkSecret = /tsm_[0-9A-Za-z]+/g;

/**
 * Sends a mail without letting the caller wait for it, so that the time of the answer does not tell whether
 * there was one to send. To be called after the commit. A failure is logged; the server that refused the mail
 * may have quoted it, so the link's secret is taken out.
 */
export function sendLater(
  ctx: Pick<Services, 'mail' | 'log'>,
  mail: { to: string; subject: string; text: string },
): void {
  ctx.mail.send(mail).catch((error: unknown) => {
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll(linkSecret, 'tsm_…');
    ctx.log.error({ subject: mail.subject, reason }, 'a mail could not be sent');
  });
}
