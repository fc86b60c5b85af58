/** Rows of the table of errors about credits and payments: see errors.ts. */
import type { ErrorRow } from './errors.ts';

export const creditErrors = {
  CREDITS_NOT_ENOUGH: {
    trpc: 'PAYMENT_REQUIRED',
    message:
      'There are not enough credits: this takes {needed}, and the account that pays has less available.',
    remedy: 'Buy credits with `payments.checkout`, or wait until jobs give back what they hold.',
  },
  CREDITS_IN_DEBT: {
    trpc: 'PAYMENT_REQUIRED',
    message: 'The account that pays owes credits that were paid back after they had been spent.',
    remedy: 'Buy credits with `payments.checkout`: what comes in repays the debt first.',
  },
  CREDIT_HOLD_OVER: {
    trpc: 'CONFLICT',
    message: 'The job holds no credits any more: its hold is {status}.',
    remedy: 'Retry the job with `jobs.retry`, which holds anew what it has not been charged.',
  },
  CREDIT_HOLD_EXCEEDED: {
    trpc: 'CONFLICT',
    message: 'The job would be charged {needed} credits, and holds {held}.',
    remedy: 'Give the operator the id of the job: it delivers more than it was quoted for.',
  },
  PAYMENTS_OFF: {
    trpc: 'PRECONDITION_FAILED',
    message: 'This server takes no payments.',
    remedy: 'Ask the operator for credits, or to set PAYMENTS, as docs/billing.md says.',
  },
  PACKAGE_UNKNOWN: {
    trpc: 'NOT_FOUND',
    message: 'There is no package {packageId}.',
    remedy: 'Choose one that `payments.packages` lists.',
  },
  PAYMENT_PROVIDER_REFUSED: {
    trpc: 'PRECONDITION_FAILED',
    message: 'The provider of payments refused this: {reason}.',
    remedy: 'Give the operator this message; the product or the access token may be wrong.',
  },
  NOT_REFUNDABLE: {
    trpc: 'CONFLICT',
    message: 'Of this payment {cents} cents can be paid back.',
    remedy: 'Pay back at most that; a payment that is not yet made or already paid back has none.',
  },
  NO_RECEIPT: {
    trpc: 'CONFLICT',
    message: 'There is no receipt of this purchase: it is not paid, or was not paid at the present provider.',
    remedy: 'Pay it first; of an older provider ask the operator for it.',
  },
  WEBHOOK_INCOMPLETE: {
    trpc: 'BAD_REQUEST',
    message: 'The message lacks webhook-id, webhook-timestamp or webhook-signature, or they make no sense.',
    remedy: 'Send it as the Standard Webhooks specification says.',
  },
  WEBHOOK_FORGED: {
    trpc: 'UNAUTHORIZED',
    message: 'None of the signatures of the message was made with the secret of this endpoint.',
    remedy: 'Compare POLAR_WEBHOOK_SECRET with the secret that the sender shows for this endpoint.',
  },
  WEBHOOK_STALE: {
    trpc: 'BAD_REQUEST',
    message: 'The message was signed more than five minutes ago, or ahead.',
    remedy: 'Have the sender send it again, and see that both clocks are right.',
  },
  WEBHOOK_UNREADABLE: {
    trpc: 'BAD_REQUEST',
    message: 'The body of the message is not a JSON object with a type and data.',
    remedy: 'Send the event as its provider documents it.',
  },
  WEBHOOK_ID_REUSED: {
    trpc: 'CONFLICT',
    message: 'A message with this webhook-id and another body was received before.',
    remedy: 'Give each message an id of its own; repeat one only to send the same message again.',
  },
} as const satisfies Record<string, ErrorRow>;
