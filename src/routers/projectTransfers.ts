import { hide } from '../authz/refuse.ts';
import { mayGrant } from '../authz/rules/grant.ts';
import { speaksFor } from '../authz/rules/transfer.ts';
import { acceptTransfer, cancelTransfer, declineTransfer } from '../domain/projects/answerTransfer.ts';
import type { Recipient } from '../domain/projects/lockRecipient.ts';
import { transferProject } from '../domain/projects/transferProject.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listTransfers } from '../views/sql/listTransfers.ts';
import { viewTransfer } from '../views/transfers.ts';
import type { Call } from './Call.ts';
import { takeAttempt } from './rateLimits.ts';
import { instance, project } from './trpc.ts';

/** Lets through who the offer was made to; nobody else learns that there is one. */
function answerAs({ actor }: Call): (recipient: Recipient) => void {
  return ({ account, role }) => {
    if (!speaksFor(actor.id, account.id, role)) hide('offer');
  };
}

/** How projects change their owner: offered, then accepted or not. */
export const transferProcedures = {
  /**
   * Offers the project to another account for 14 days; who offers it stays an owner in any case. With the caller's
   * own account, or an organization that they own, it is done at once: `status` says `accepted`.
   */
  transfer: project.mutation('projects.transfer', { actorId: uuid }, async ({ ctx, input }) => {
    const checkFormer = (role: string) => {
      if (!mayGrant(ctx.access, role)) fail('GRANT_EXCEEDS_OWN', { granted: `the role ${role}` });
    };
    checkFormer('owner');
    await takeAttempt(ctx, 'offerOfActor', ctx.actor.id);
    const key = { projectId: ctx.projectId, actorId: input.actorId };
    return ctx.write(
      (em) =>
        transferProject(em, ctx.actor, key, {
          speaksFor: (account, role) => speaksFor(ctx.actor.id, account.id, role),
          checkFormer,
        }),
      viewTransfer,
    );
  }),

  /** Offers that stand, newest first: to the caller, to organizations that they own, and of projects that they may give away. */
  transfers: instance.query('projects.transfers', page, async ({ ctx, input }) => {
    const rows = await listTransfers(ctx.reads, {
      actorId: ctx.actor.id,
      scope: ctx.access.projectsWhere('projects.transfer'),
      after: readCursor(input.cursor),
      limit: input.limit + 1,
    });
    return toPage(rows, input.limit, (row) => row);
  }),

  /** Accepts a project that was offered to the caller or to an organization of theirs: its jobs are charged there from now on. */
  acceptTransfer: instance.mutation('projects.acceptTransfer', { transferId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => {
      const may = { answer: answerAs(ctx), authorizer: ctx.authorizer };
      return acceptTransfer(em, ctx.actor, input.transferId, may);
    }, viewTransfer),
  ),

  /** Declines a project that was offered to the caller or to an organization of theirs. */
  declineTransfer: instance.mutation('projects.declineTransfer', { transferId: uuid }, ({ ctx, input }) =>
    ctx.write(
      (em) => declineTransfer(em, ctx.actor, input.transferId, { answer: answerAs(ctx) }),
      viewTransfer,
    ),
  ),

  /** Takes an offer of the project back. */
  cancelTransfer: project.mutation('projects.cancelTransfer', { transferId: uuid }, ({ ctx, input }) => {
    const key = { projectId: ctx.projectId, transferId: input.transferId };
    return ctx.write((em) => cancelTransfer(em, ctx.actor, key), viewTransfer);
  }),
};
