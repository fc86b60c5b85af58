/** Rows of the table of errors about the permission policy and its roles: see errors.ts. */
import type { ErrorRow } from './errors.ts';

export const policyErrors = {
  ROLE_UNKNOWN: {
    trpc: 'BAD_REQUEST',
    message: 'There is no {scope} role named {role}.',
    remedy: 'Use one of: {known}.',
  },
  ROLE_NAME_TAKEN: {
    trpc: 'CONFLICT',
    message: 'The role name {role} is taken: {reason}.',
    remedy: 'Choose another name.',
  },
  ROLE_BUILTIN: {
    trpc: 'CONFLICT',
    message: 'The role {role} is built in and cannot be deleted.',
    remedy: 'Take its rules away with `policies.apply` instead.',
  },
  ROLE_IN_USE: {
    trpc: 'CONFLICT',
    message: 'The role {role} is in use (holders: {count}).',
    remedy: 'Give its holders another role first: `members.setRole` in projects, `roles.assign` elsewhere.',
  },
  GRANT_EXCEEDS_OWN: {
    trpc: 'FORBIDDEN',
    message:
      'Nobody can give or take what they do not hold: {granted} goes beyond what your own roles allow.',
    remedy: 'Ask someone whose roles allow as much.',
  },
  ROLE_DENIES: {
    trpc: 'CONFLICT',
    message: 'The role {role} denies something, and no organization can have such a role.',
    remedy: 'Give it to persons one by one, or give the organization a role that only allows.',
  },
  KEY_TOO_NARROW: {
    trpc: 'FORBIDDEN',
    message:
      'This API key is limited, and a place in an organization would give more than the key itself holds.',
    remedy: 'Sign in, or use a key whose scopes are `*`.',
  },
  LAST_ADMIN: {
    trpc: 'CONFLICT',
    message: 'This would leave the system without an active administrator.',
    remedy:
      'First see to it that another active person may call `policies.apply`, `policies.rollback`, `roles.assign` and `actors.unsuspend`.',
  },
  POLICY_STALE: {
    trpc: 'CONFLICT',
    message:
      'The policy changed since you read it: you decided on version {sent}, it is now {stored}. {changes}.',
    remedy: 'Look at `details.versions`, decide again, and send the new epoch as `baseEpoch`.',
  },
  POLICY_RULE_REFUSED: {
    trpc: 'BAD_REQUEST',
    message: 'The rule {rule} is refused: {reason}.',
    remedy: 'Mend it, and send all changes again; `policies.propose` lists every fault at once.',
  },
  POLICY_FLOOR: {
    trpc: 'CONFLICT',
    message: 'This would keep {who} from {permission}, which must always be possible.',
    remedy: 'Leave the rules that allow it, and deny it to no role.',
  },
  FIXTURES_FAILED: {
    trpc: 'CONFLICT',
    message: 'The policy would fail its fixtures: {failures}.',
    remedy:
      'Change the rules so that every fixture holds, or first change the fixture that no longer says what is wanted.',
  },
  BAD_FIXTURE: {
    trpc: 'BAD_REQUEST',
    message: 'The fixture {name} cannot be read, line {line}: {reason}.',
    remedy:
      'Mend that line and those in `details.faults`; a fixture is YAML of the form `tests: [{ name, given, then }]`.',
  },
  TOO_MANY_FIXTURES: {
    trpc: 'CONFLICT',
    message: 'There are {limit} fixtures already.',
    remedy: 'Put the tests into one that there is, or remove one with `policies.removeFixture`.',
  },
  TOO_MANY_EXPECTATIONS: {
    trpc: 'CONFLICT',
    message:
      'With this one the stored fixtures would hold {count} expectations, more than the {limit} there may be.',
    remedy: 'Keep those that matter, or remove a fixture with `policies.removeFixture`.',
  },
  EXPORT_TOO_LARGE: {
    trpc: 'PRECONDITION_FAILED',
    message: 'With its memberships the policy has more than {limit} lines, too many for one answer.',
    remedy:
      'Ask for one project with `projectId`, or let the operator run `npm run -s policies:export -- --memberships > policy.csv`.',
  },
  BAD_POLICY_LINE: {
    trpc: 'BAD_REQUEST',
    message: 'Line {line} of the policy cannot be imported: {reason}. Nothing was changed.',
    remedy: 'Mend that line and those in `details.faults`, and import the file again.',
  },
} as const satisfies Record<string, ErrorRow>;
