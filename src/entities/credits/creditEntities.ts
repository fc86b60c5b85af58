/** Every entity of credits and what they are bought with. */
import { CreditChange } from './CreditChange.ts';
import { CreditHold } from './CreditHold.ts';
import { PaymentRefund } from './PaymentRefund.ts';
import { Transaction } from './Transaction.ts';
import { WebhookInboxEntry } from './WebhookInboxEntry.ts';

export const creditEntities = [Transaction, PaymentRefund, CreditChange, CreditHold, WebhookInboxEntry];
