/** The policy as a file in Casbin's own format, for other Casbin tools to check, and for `policies.import`. */
import type pg from 'pg';
import { type PolicyRule, describeRule } from '../../authz/PolicyRule.ts';
import { readInOneInstant } from '../../database/readInOneInstant.ts';
import { fail } from '../../errors.ts';
import { readMemberships } from './sql/readMemberships.ts';
import { readPolicyRowsOn } from './sql/readPolicyRows.ts';

export interface ExportOptions {
  /** Whether to say who holds which role where, too. */
  memberships: boolean;
  /** The only project whose memberships are given; null: all. */
  projectId: string | null;
  /** Memberships at most; null: however many there are. */
  atMost: number | null;
}

const about = `It goes with the model that policies.export answers beside it, and npm run -s policies:export -- --model prints.
Requests are (subject, domain, router, procedure): the subject is user:<id> or role:anonymous, the domain project:<id>,
or * for a call outside any project.
A Casbin tool needs the domain matching function: addNamedDomainMatchingFunc('g', keyMatch), which Node.js has as
Util.keyMatchFunc.`;

const withoutMemberships = `It does not say who holds which role.`;

const withMemberships = `Organizations, the roles that everyone has and those of public projects are spelt out as rules of their people.
It says nothing of suspended actors, who may call auth.logout alone, nor of deleted ones; of deleted projects, in
which nothing but projects.restore is decided; and of API keys, which are limited to their scopes.`;

const ofOneProject = `Only the people who hold a role in this project, or everywhere, are named. For another one who is signed in, add
g, user:<id>, role:authenticated, * and g, user:<id>, role:user, *`;

function head(epoch: number, { memberships, projectId }: ExportOptions): string[] {
  const parts = [
    `The permission policy of Tessera, epoch ${epoch}, in the policy format of Casbin.`,
    about,
    memberships ? withMemberships : withoutMemberships,
    ...(memberships && projectId !== null ? [ofOneProject] : []),
  ];
  return parts.flatMap((part) => part.split('\n')).map((line) => `# ${line}`);
}

/** Lines of the file, and the epoch that all of it is of. */
export interface ExportBatch {
  epoch: number;
  lines: string[];
}

/**
 * The lines of the file, a batch at a time: the head and the rules of roles, sorted, then the memberships. All
 * of one instant, with the memory of one batch.
 */
export function exportPolicy(pool: pg.Pool, options: ExportOptions): AsyncGenerator<ExportBatch> {
  return readInOneInstant(pool, async function* (client) {
    const { epoch, rows } = await readPolicyRowsOn(client);
    const linesOf = (kind: PolicyRule['kind']) =>
      rows.flatMap(({ rule }) => (rule.kind === kind ? [describeRule(rule)] : [])).toSorted();
    yield { epoch, lines: [...head(epoch, options), ...linesOf('permission'), ...linesOf('inheritance')] };
    if (!options.memberships) return;
    for await (const batch of readMemberships(client, options))
      yield { epoch, lines: batch.map((membership) => `g, ${membership.join(', ')}`) };
  });
}

/** Lines that one answer holds. */
const maxLines = 50_000;

/** The whole file in one text. @throws EXPORT_TOO_LARGE */
export async function exportWhole(
  pool: pg.Pool,
  options: Pick<ExportOptions, 'memberships' | 'projectId'>,
): Promise<{ epoch: number; policy: string }> {
  let epoch = 0;
  const whole: string[] = [];
  for await (const batch of exportPolicy(pool, { ...options, atMost: maxLines + 1 })) {
    epoch = batch.epoch;
    whole.push(...batch.lines);
    if (whole.length > maxLines) fail('EXPORT_TOO_LARGE', { limit: maxLines });
  }
  return { epoch, policy: `${whole.join('\n')}\n` };
}
