import { router } from './trpc.ts';

export const policies = router({});
