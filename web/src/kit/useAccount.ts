import { useQuery } from '@tanstack/react-query';
import { trpc } from '../api.ts';

/** The reader's own account; undefined while it is not known. Without a session the sign-in page is loaded. */
export const useAccount = () => useQuery(trpc.auth.me.queryOptions({}));
