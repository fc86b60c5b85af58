import { TesseraError } from '../../errors.ts';

/**
 * What is known of a message that was not handed over: `down`, the mail server could not be reached or takes
 * nothing; `refused`, it does not want this message or address, now or later; `postponed`, it does not want it
 * now; `unknown`, the connection broke while the server had the text, so it may have taken it.
 */
export type MailFault = 'down' | 'refused' | 'postponed' | 'unknown';

/** Why a message could not be handed over; the cause of the UNAVAILABLE that `send` raises. */
export class MailFailure extends Error {
  readonly fault: MailFault;

  constructor(fault: MailFault, cause: unknown) {
    super(`the message was not handed over: ${fault}`, { cause });
    this.name = 'MailFailure';
    this.fault = fault;
  }
}

/** What is known of a message after `send` has raised this. */
export function faultOf(error: unknown): MailFault {
  if (!(error instanceof TesseraError)) return 'unknown';
  if (error.errorCode === 'BAD_INPUT') return 'refused';
  return error.cause instanceof MailFailure ? error.cause.fault : 'down';
}
