/** The whole API on one screen. */
import type { TRPCBuiltRouter, TRPCDecorateCreateRouterOptions } from '@trpc/server';
import { actors } from './actors.ts';
import { apiKeys } from './apiKeys.ts';
import { audit } from './audit.ts';
import { auth } from './auth.ts';
import { categories } from './categories.ts';
import { collections } from './collections.ts';
import { comments } from './comments.ts';
import { credits } from './credits.ts';
import { fields } from './fields.ts';
import type { ErrorShape } from './formatError.ts';
import { institutions } from './institutions.ts';
import { issues } from './issues.ts';
import { jobs } from './jobs.ts';
import { members } from './members.ts';
import { media } from './media.ts';
import { milestones } from './milestones.ts';
import { models } from './models.ts';
import { notifications } from './notifications.ts';
import { ontologies } from './ontologies.ts';
import { organizations } from './organizations.ts';
import { patternImports } from './patternImports.ts';
import { payments } from './payments.ts';
import { policies } from './policies.ts';
import { presence } from './presence.ts';
import { projects } from './projects.ts';
import { repositories } from './repositories.ts';
import { realtime } from './realtime.ts';
import { roles } from './roles.ts';
import { search } from './search.ts';
import { stars } from './stars.ts';
import { tasks } from './tasks.ts';
import { threads } from './threads.ts';
import { fileTranslations } from './fileTranslations.ts';
import { services } from './services.ts';
import { sourceFiles } from './sourceFiles.ts';
import { system } from './system.ts';
import { targets } from './targets.ts';
import { type Meta, router } from './trpc.ts';
import { vocabularies } from './vocabularies.ts';
import { watches } from './watches.ts';
import { webhooks } from './webhooks.ts';

const routers = {
  actors,
  apiKeys,
  audit,
  auth,
  categories,
  collections,
  comments,
  credits,
  fields,
  fileTranslations,
  institutions,
  issues,
  jobs,
  media,
  members,
  milestones,
  models,
  notifications,
  ontologies,
  organizations,
  patternImports,
  payments,
  policies,
  presence,
  projects,
  realtime,
  repositories,
  roles,
  search,
  services,
  sourceFiles,
  stars,
  system,
  targets,
  tasks,
  threads,
  vocabularies,
  watches,
  webhooks,
};

export const appRouter = router(routers);

/** What clients are typed by: the procedures, without the server's own context. */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: Meta; errorShape: ErrorShape; transformer: true },
  TRPCDecorateCreateRouterOptions<typeof routers>
>;
