import { queryClient, trpc } from '../../../api.ts';

/** Has everything read anew that shows the policy. */
export async function renewPolicy(): Promise<void> {
  const shown = [
    trpc.policies.matrix.pathKey(),
    trpc.policies.history.pathKey(),
    trpc.policies.proposeRollback.pathKey(),
    trpc.policies.explain.pathKey(),
    trpc.policies.whoCan.pathKey(),
    trpc.policies.whatCan.pathKey(),
    trpc.roles.list.pathKey(),
    ['policies.propose'],
  ];
  await Promise.all(shown.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}
