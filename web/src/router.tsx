import {
  type AnyRoute,
  Navigate,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { AdminFrame } from './frame/AdminFrame.tsx';
import { AppFrame } from './frame/AppFrame.tsx';
import { GuestFrame } from './frame/GuestFrame.tsx';
import { PageFailure } from './frame/PageFailure.tsx';
import { PageLoading } from './frame/PageLoading.tsx';
import { NotFound } from './frame/NotFound.tsx';
import { ProjectFrame } from './frame/ProjectFrame.tsx';
import { type ConsoleRoute, routes } from './routes.tsx';

const root = createRootRoute({ notFoundComponent: NotFound });
const guest = createRoute({ getParentRoute: () => root, id: 'guest', component: GuestFrame });
const app = createRoute({ getParentRoute: () => root, id: 'app', component: AppFrame });
const project = createRoute({ getParentRoute: () => app, id: 'project', component: ProjectFrame });
const admin = createRoute({ getParentRoute: () => app, id: 'administration', component: AdminFrame });
const parents = { guest, app, project, admin };

const leavesOf = (frame: ConsoleRoute['frame']): AnyRoute[] =>
  routes
    .filter((route) => route.frame === frame)
    .map(({ path, load }) =>
      createRoute({
        getParentRoute: () => parents[frame] as AnyRoute,
        path,
        component: lazyRouteComponent(load),
      }),
    );

/** An address that leads on to another. */
const leading = (parent: AnyRoute, path: string, to: string) =>
  createRoute({
    getParentRoute: () => parent,
    path,
    component: () => <Navigate to={to} from={path} replace />,
  });

const firstTab = routes.find(({ frame, tab }) => frame === 'project' && tab)?.path ?? '/projects';

export const router = createRouter({
  routeTree: root.addChildren([
    guest.addChildren(leavesOf('guest')),
    app.addChildren([
      leading(app, '/', '/projects'),
      leading(app, '/projects/$projectId', firstTab),
      project.addChildren(leavesOf('project')),
      admin.addChildren(leavesOf('admin')),
      ...leavesOf('app'),
    ]),
  ]),
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageFailure,
  defaultNotFoundComponent: NotFound,
  defaultPreload: 'intent',
  scrollRestoration: true,
});
