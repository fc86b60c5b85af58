/**
 * The one table of errors. Each code has a tRPC code (which fixes the HTTP status), a message that says
 * what happened and a remedy that says what to do. `{name}` is filled from the details given to `fail`.
 * docs/errors.md is held to this table by a test.
 */
import { TRPCError } from '@trpc/server';
import { creditErrors } from './creditErrors.ts';
import { mediaErrors } from './mediaErrors.ts';
import { patternErrors } from './patternErrors.ts';
import { policyErrors } from './policyErrors.ts';
import { recordErrors } from './recordErrors.ts';
import { repositoryErrors } from './repositoryErrors.ts';
import { storageErrors } from './storageErrors.ts';
import { workErrors } from './workErrors.ts';

type TrpcCode = TRPCError['code'];
export interface ErrorRow {
  trpc: TrpcCode;
  message: string;
  remedy: string;
}

export const errorTable = {
  // Any call
  BAD_INPUT: {
    trpc: 'BAD_REQUEST',
    message: 'The input is not what this procedure takes.',
    remedy: 'Mend the fields listed in `fields` and send the call again.',
  },
  MALFORMED_REQUEST: {
    trpc: 'BAD_REQUEST',
    message: 'The request could not be read: {reason}.',
    remedy: 'Send a tRPC request whose body is JSON in the superjson format.',
  },
  UNKNOWN_PROCEDURE: {
    trpc: 'NOT_FOUND',
    message: 'There is no procedure at this path.',
    remedy: 'Look the name up with `npm run routes`; queries go by GET, mutations by POST.',
  },
  METHOD_NOT_SUPPORTED: {
    trpc: 'METHOD_NOT_SUPPORTED',
    message: 'This procedure is not called with this method.',
    remedy: 'Call queries by GET, mutations by POST, and subscriptions over WebSocket or SSE.',
  },
  PAYLOAD_TOO_LARGE: {
    trpc: 'PAYLOAD_TOO_LARGE',
    message: 'The request is larger than this server accepts.',
    remedy: 'Send fewer calls in a batch or a shorter body.',
  },
  BATCH_TOO_LARGE: {
    trpc: 'BAD_REQUEST',
    message: 'The batch holds more calls than the {limit} that this server accepts.',
    remedy: 'Split the batch; the published client does so by itself.',
  },
  UNAUTHORIZED: {
    trpc: 'UNAUTHORIZED',
    message: 'This call needs a signed-in actor, and the credential given is missing, expired or revoked.',
    remedy: 'Sign in with `auth.login` and send the token as `Authorization: Bearer <token>`.',
  },
  FORBIDDEN: {
    trpc: 'FORBIDDEN',
    message: 'Your roles here do not allow {permission}.',
    remedy: 'Ask an owner of the project, or an administrator, for a role that has this permission.',
  },
  NOT_FOUND: {
    trpc: 'NOT_FOUND',
    message: 'There is no such {thing}, or you may not see it.',
    remedy: 'Check the id, and that you are signed in as an actor who has access.',
  },
  CONFLICT: {
    trpc: 'CONFLICT',
    message: 'This contradicts what is stored: {reason}.',
    remedy: 'Read the present state and decide again.',
  },
  TOO_MANY_REQUESTS: {
    trpc: 'TOO_MANY_REQUESTS',
    message: 'Too many attempts; the next one is possible in {seconds} s.',
    remedy: 'Wait for the time given, then try again.',
  },
  UNAVAILABLE: {
    trpc: 'SERVICE_UNAVAILABLE',
    message: 'The server cannot do this now: {reason}.',
    remedy: 'Try again in a moment; `/readyz` says which part is missing.',
  },
  INTERNAL: {
    trpc: 'INTERNAL_SERVER_ERROR',
    message: 'Something failed on the server that is not your fault (request {requestId}).',
    remedy: 'Try again; if it stays, give the operator the request id, which is in the server log.',
  },
  MUTATION_ID_REUSED: {
    trpc: 'CONFLICT',
    message: 'This mutationId was already used for another call.',
    remedy: 'Make a new mutationId for each thing you do; repeat one only to retry the same call.',
  },
  MUTATION_RESULT_SECRET: {
    trpc: 'CONFLICT',
    message: 'This call was already carried out, and its result held a secret that is not kept.',
    remedy: 'Use what the first call returned, or revoke it and create another.',
  },
  ID_TAKEN: {
    trpc: 'CONFLICT',
    message: 'The id given for the new {thing} is already in use.',
    remedy: 'Leave the id out, or make a new UUID.',
  },
  VERSION_CLASH: {
    trpc: 'CONFLICT',
    message: 'Somebody changed this {thing} since you read it: you sent version {sent}, it is now {stored}.',
    remedy: 'Read it again, merge your change, and send the new version.',
  },

  // Identity
  EMAIL_TAKEN: {
    trpc: 'CONFLICT',
    message: 'An account with this e-mail address exists.',
    remedy: 'Sign in, or ask for a new password with `auth.requestPasswordReset`.',
  },
  USERNAME_TAKEN: {
    trpc: 'CONFLICT',
    message: 'The username {username} is taken.',
    remedy: 'Choose another username.',
  },
  BAD_CREDENTIALS: {
    trpc: 'UNAUTHORIZED',
    message: 'E-mail address and password do not belong together.',
    remedy: 'Check both, or ask for a new password with `auth.requestPasswordReset`.',
  },
  ACCOUNT_SUSPENDED: {
    trpc: 'FORBIDDEN',
    message: 'This account is suspended.',
    remedy: 'Ask an administrator to lift the suspension.',
  },
  TOKEN_INVALID: {
    trpc: 'BAD_REQUEST',
    message: 'This link or token is unknown, used up or expired.',
    remedy:
      'Ask for a new one; an administrator, once there is one, is made by `npm run admin -- grant <email>`.',
  },
  WRONG_PASSWORD: {
    trpc: 'BAD_REQUEST',
    message: 'The current password is not right.',
    remedy: 'Give the password that you sign in with, or ask for a new one with `auth.requestPasswordReset`.',
  },
  TOO_MANY_API_KEYS: {
    trpc: 'CONFLICT',
    message: 'You already have {limit} API keys in use.',
    remedy: 'Revoke one that is no longer needed with `apiKeys.revoke`.',
  },
  ALREADY_ORGANIZATION_MEMBER: {
    trpc: 'CONFLICT',
    message: 'This person is already a member of the organization.',
    remedy: 'Change the role with `organizations.setRole`.',
  },
  LAST_ORGANIZATION_OWNER: {
    trpc: 'CONFLICT',
    message: 'This would leave the organization without an owner.',
    remedy: 'Make another member an owner first, or delete the organization.',
  },

  // Projects and members
  IDENTIFIER_TAKEN: {
    trpc: 'CONFLICT',
    message: 'The identifier {identifier} is taken.',
    remedy: 'Choose another identifier.',
  },
  ALREADY_MEMBER: {
    trpc: 'CONFLICT',
    message: 'This actor is already a member of the project.',
    remedy: 'Change the role with `members.setRole`.',
  },
  TRANSFER_PENDING: {
    trpc: 'CONFLICT',
    message: 'The project is offered to {whom} already.',
    remedy: 'Wait for the answer, or take the offer back with `projects.cancelTransfer`.',
  },
  TRANSFER_OVER: {
    trpc: 'CONFLICT',
    message: 'The offer of the project no longer stands: {reason}.',
    remedy: 'Ask an owner of the project to offer it again with `projects.transfer`.',
  },
  LAST_OWNER: {
    trpc: 'CONFLICT',
    message: 'This would leave the project without an owner.',
    remedy: 'Make another member an owner first, or transfer the project.',
  },

  // Roles and the permission policy
  ...policyErrors,

  // Repositories
  ...repositoryErrors,

  // Jobs
  JOB_NOT_CANCELLABLE: {
    trpc: 'CONFLICT',
    message: 'The job is {status}, so it cannot be cancelled.',
    remedy: 'Only a pending, queued or running job can be cancelled.',
  },
  JOB_NOT_RETRYABLE: {
    trpc: 'CONFLICT',
    message: 'The job is {status}, so it cannot be retried.',
    remedy: 'Only a failed or cancelled job can be retried.',
  },
  JOB_ALREADY_RUNNING: {
    trpc: 'CONFLICT',
    message: 'A job of this kind is under way for this project: {jobId}.',
    remedy: 'Wait for it, or cancel it with `jobs.cancel`.',
  },
  JOB_NOT_WAITING: {
    trpc: 'CONFLICT',
    message: 'The job is {status}, so it does not wait in the queue.',
    remedy: 'Only a queued job has a priority; retry a failed or cancelled one first with `jobs.retry`.',
  },
  JOB_PARAMS_REFUSED: {
    trpc: 'BAD_REQUEST',
    message: 'A job of the kind {jobType} does not take these params: {reason}.',
    remedy: 'Mend what is named and ask for the job anew; a release may have changed what its kind takes.',
  },
  JOB_SEGMENTS_FAILED: {
    trpc: 'CONFLICT',
    message: 'Of {total} segments of the stage {stage}, {failed} are not done; all others are.',
    remedy:
      'See why with `jobs.segments`, then try them again with `jobs.retry`, or one with `jobs.retrySegment`.',
  },
  JOB_SEGMENT_NOT_RETRYABLE: {
    trpc: 'CONFLICT',
    message: 'The segment is {status}, so it cannot be retried.',
    remedy: 'Only a segment that failed or was cancelled can be retried, and only when its job is over.',
  },
  JOB_ABANDONED: {
    trpc: 'INTERNAL_SERVER_ERROR',
    message: 'The job was started {attempts} times, and each time its worker ended before it was done.',
    remedy: 'Retry it with `jobs.retry`; if that fails too, give the operator the id of the job.',
  },

  // Threads and comments
  REPLY_TO_DELETED: {
    trpc: 'CONFLICT',
    message: 'The thread was deleted.',
    remedy: 'Restore it with `threads.restore`, or open another.',
  },
  NOT_AUTHOR: {
    trpc: 'FORBIDDEN',
    message: 'Only the author of a comment may change its text.',
    remedy: 'Answer with a comment of your own.',
  },
  NOT_AUTHOR_OR_MODERATOR: {
    trpc: 'FORBIDDEN',
    message: 'Only its author or a moderator may delete or restore this {thing}.',
    remedy: 'Ask its author, or a member whose role may remove members, who moderates the project.',
  },

  // Milestones, tasks and issues
  ...workErrors,

  // Semantic patterns
  ...patternErrors,

  // Translations, the registry and the deletion of accounts
  ...recordErrors,

  // Credits and payments
  ...creditErrors,

  // Stored files
  ...storageErrors,

  // Media files
  ...mediaErrors,

  // Realtime
  TOO_MANY_SUBSCRIPTIONS: {
    trpc: 'TOO_MANY_REQUESTS',
    message: 'This connection already holds {limit} subscriptions.',
    remedy: 'Stop one before starting another.',
  },
  TOO_MANY_CONNECTIONS: {
    trpc: 'TOO_MANY_REQUESTS',
    message: 'This {holder} already holds {limit} connections.',
    remedy: 'Close one first, or use one for all: it carries many subscriptions.',
  },
  TOO_MANY_PLACES: {
    trpc: 'TOO_MANY_REQUESTS',
    message: 'There is no room for another place: you have {limit}, or the project is full.',
    remedy: 'Close a tab, or leave a place with `presence.set` and the state `gone`.',
  },
  REQUEST_ID_IN_USE: {
    trpc: 'BAD_REQUEST',
    message: 'The id {id} belongs to another call of this connection that is not over.',
    remedy: 'Give every call on a connection an id of its own; counting up will do.',
  },
  ORIGIN_REFUSED: {
    trpc: 'FORBIDDEN',
    message: 'Pages of {origin} may not open a socket here.',
    remedy: 'Ask the operator to add the origin to ALLOWED_ORIGINS.',
  },
  CURSOR_INVALID: {
    trpc: 'BAD_REQUEST',
    message: 'The cursor is not one that this list or subscription gave out.',
    remedy: 'Start again without it.',
  },

  // Embedded PostgreSQL
  DATABASE_NO_BINARIES: {
    trpc: 'INTERNAL_SERVER_ERROR',
    message: 'There is no embedded PostgreSQL for this platform ({platform}), or npm did not install it.',
    remedy: 'Run `npm ci` without `--omit=optional`, or set DATABASE_URL to a PostgreSQL server of your own.',
  },
  DATABASE_VERSION_MISMATCH: {
    trpc: 'INTERNAL_SERVER_ERROR',
    message:
      'The database files in {path} were made by PostgreSQL {found}; the embedded one is PostgreSQL {wanted}.',
    remedy:
      'Dump them with the release of Tessera that made them and load the dump into a new data directory, ' +
      'or set DATABASE_URL to a PostgreSQL {found} server of your own.',
  },
  DATABASE_DIRECTORY_REFUSED: {
    trpc: 'INTERNAL_SERVER_ERROR',
    message: 'The database directory {path} cannot be used: {reason}.',
    remedy: 'Start as the user that owns it, or choose another data directory.',
  },
  DATABASE_START_FAILED: {
    trpc: 'INTERNAL_SERVER_ERROR',
    message: 'The embedded PostgreSQL did not start: {reason}.',
    remedy:
      'Read `postgres.log` in the data directory, or set DATABASE_URL to a PostgreSQL server of your own.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;
export type ErrorDetails = Record<string, string | number | undefined>;
interface FailureOptions {
  cause?: unknown;
  details?: Record<string, unknown>;
}

function fill(template: string, details: ErrorDetails): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? 'unknown'));
}

/** An error of the table. A tRPC error, so procedures let it through as it is. */
export class TesseraError extends TRPCError {
  readonly errorCode: ErrorCode;
  readonly remedy: string;
  /** For bad input: field path → what is wrong with it. */
  readonly fields: Record<string, string> | undefined;
  /** What a program can work with, beside the message for people; plain data, and nothing the caller may not see. */
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: ErrorCode,
    placeholders: ErrorDetails = {},
    options: FailureOptions & { fields?: Record<string, string> } = {},
  ) {
    const row = errorTable[code];
    super({ code: row.trpc, message: fill(row.message, placeholders), cause: options.cause });
    this.name = 'TRPCError';
    this.errorCode = code;
    this.remedy = fill(row.remedy, placeholders);
    this.fields = options.fields;
    this.details = options.details;
  }
}

/** Throws the error of the table with its placeholders filled. */
export function fail(code: ErrorCode, placeholders?: ErrorDetails, options?: FailureOptions): never {
  throw new TesseraError(code, placeholders, options);
}
