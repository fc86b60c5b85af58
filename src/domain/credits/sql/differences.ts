/**
 * What must hold between the records of credits, each as a statement that returns what does not: an id, what
 * is there, and what should be. They run in one snapshot.
 */

export interface Invariant {
  /** What is wrong where a row comes out; `{id}`, `{found}` and `{expected}` are filled in. */
  sentence: string;
  sql: string;
}

/** Over all accounts: a pass over history and holds each, in the order of their first index column. */
export const invariants: readonly Invariant[] = [
  {
    sentence: 'The balance of {id} is {found}, and its history adds up to {expected}.',
    sql: `
select a.id, a.credits::text as found, coalesce(h.total, 0)::text as expected
from actors a left join (select user_id, sum(delta) as total from credits_history group by user_id) h on h.user_id = a.id
where a.credits <> coalesce(h.total, 0)`,
  },
  {
    sentence: 'Of the balance of {id} {found} is held, and its open holds add up to {expected}.',
    sql: `
select a.id, a.credits_held::text as found, coalesce(h.total, 0)::text as expected
from actors a left join (
  select user_id, sum(amount - captured) as total from credit_holds where status = 'held' group by user_id
) h on h.user_id = a.id
where a.credits_held <> coalesce(h.total, 0)`,
  },
  {
    sentence: 'Of {id} {found} credits are held, which is more than its balance of {expected}.',
    sql: `
select id, credits_held::text as found, credits::text as expected from actors where credits_held > credits`,
  },
  {
    sentence:
      'The debt of {id} is {found}; what was taken back, less what was there and repaid, is {expected}.',
    sql: `
select a.id, a.credit_debt::text as found, (coalesce(t.total, 0) + coalesce(h.total, 0))::text as expected
from actors a
left join (select user_id, sum(credits_reclaimed) as total from transactions group by user_id) t on t.user_id = a.id
left join (
  select user_id, sum(delta) as total from credits_history where kind in ('refund', 'repayment') group by user_id
) h on h.user_id = a.id
where a.credit_debt <> coalesce(t.total, 0) + coalesce(h.total, 0)`,
  },
  {
    sentence: 'The job {id} was charged {found} by its holds, and {expected} by the history.',
    sql: `
select coalesce(c.job_id, h.job_id) as id, coalesce(c.total, 0)::text as found, coalesce(h.total, 0)::text as expected
from (select job_id, sum(captured) as total from credit_holds group by job_id) c
full join (
  select job_id, -sum(delta) as total from credits_history where kind = 'charge' group by job_id
) h on h.job_id = c.job_id
where coalesce(c.total, 0) <> coalesce(h.total, 0)`,
  },
  {
    sentence: 'The job {id} says that it cost {found}, and its holds were charged {expected}.',
    sql: `
select j.id, j.cost_credits::text as found, c.total::text as expected
from jobs j join (select job_id, sum(captured) as total from credit_holds group by job_id) c on c.job_id = j.id
where j.cost_credits <> c.total`,
  },
  {
    sentence: 'The job {id} is {found}, and still holds {expected} credits.',
    sql: `
select j.id, j.status::text as found, (h.amount - h.captured)::text as expected
from credit_holds h join jobs j on j.id = h.job_id
where h.status = 'held' and j.status in ('completed', 'failed', 'cancelled')`,
  },
  {
    sentence: 'For the transaction {id} {found} credits were given, and it bought {expected}.',
    sql: `
select t.id, coalesce(h.total, 0)::text as found, t.bought::text as expected
from (
  select id, case when status in ('succeeded', 'refunded') then credits_bought else 0 end as bought from transactions
) t
left join (
  select transaction_id, sum(delta) as total from credits_history where kind = 'purchase' group by transaction_id
) h on h.transaction_id = t.id
where coalesce(h.total, 0) <> t.bought`,
  },
  {
    sentence: 'A message of the provider of payments, {id}, waits for {found} by now: {expected}.',
    sql: `
select webhook_id as id, date_trunc('second', now() - created_at)::text as found, coalesce(error_message, 'no worker took it') as expected
from webhook_inbox where processed_at is null and created_at < now() - interval '1 hour'`,
  },
];
