import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { Shell } from './shell/shell.tsx';
import { NotFound, PageFault } from './shell/trouble.tsx';
import { site } from './site.ts';

type Context = Readonly<{ queries: QueryClient }>;

/** What a list is narrowed to; it stands in the address, so that a link leads to the same list. */
export type ListSearch = Readonly<{ q?: string; filter?: string }>;

const listSearch = (given: Record<string, unknown>): ListSearch => ({
  ...(typeof given['q'] === 'string' && given['q'] !== '' && { q: given['q'] }),
  ...(typeof given['filter'] === 'string' && given['filter'] !== '' && { filter: given['filter'] }),
});

const spanSearch = ({ span }: Record<string, unknown>): Readonly<{ span?: 'day' }> =>
  span === 'day' ? { span } : {};

const tabSearch = ({ tab }: Record<string, unknown>): Readonly<{ tab?: string }> =>
  typeof tab === 'string' ? { tab } : {};

const root = createRootRouteWithContext<Context>()({ component: Shell, notFoundComponent: NotFound });
const under = { getParentRoute: () => root };

/** A page that is loaded from its file when it is first needed. */
const page = {
  overview: () => import('./operation/overview.tsx'),
  applications: () => import('./applications/list.tsx'),
  wizard: () => import('./applications/wizard.tsx'),
  application: () => import('./applications/detail.tsx'),
  trial: () => import('./try/page.tsx'),
  refusals: () => import('./refusals/list.tsx'),
  refusal: () => import('./refusals/detail.tsx'),
  users: () => import('./users/list.tsx'),
  newUser: () => import('./users/create.tsx'),
  user: () => import('./users/detail.tsx'),
  sessions: () => import('./operation/sessions.tsx'),
  keys: () => import('./operation/keys.tsx'),
  audit: () => import('./operation/audit.tsx'),
  settings: () => import('./operation/settings.tsx'),
  definitions: () => import('./definitions/list.tsx'),
  newDefinition: () => import('./definitions/form.tsx'),
  definition: () => import('./definitions/item.tsx'),
  tenants: () => import('./operation/tenants.tsx'),
  transfer: () => import('./transfer/page.tsx'),
  initialTokens: () => import('./applications/initial-tokens.tsx'),
  account: () => import('./account/account.tsx'),
};

/** Every page with the file that it is loaded from when it is first needed. */
const routes = [
  createRoute({
    ...under,
    path: '/',
    validateSearch: spanSearch,
    component: lazyRouteComponent(page.overview, 'OverviewPage'),
  }),
  createRoute({
    ...under,
    path: '/applications',
    validateSearch: listSearch,
    component: lazyRouteComponent(page.applications, 'ApplicationsPage'),
  }),
  createRoute({
    ...under,
    path: '/applications/new',
    component: lazyRouteComponent(page.applications, 'KindsPage'),
  }),
  createRoute({
    ...under,
    path: '/applications/new/$kind',
    component: lazyRouteComponent(page.wizard, 'WizardPage'),
  }),
  createRoute({
    ...under,
    path: '/applications/$clientId',
    validateSearch: tabSearch,
    component: lazyRouteComponent(page.application, 'ApplicationPage'),
  }),
  createRoute({ ...under, path: '/try', component: lazyRouteComponent(page.trial, 'TryPage') }),
  createRoute({
    ...under,
    path: '/refusals',
    validateSearch: listSearch,
    component: lazyRouteComponent(page.refusals, 'RefusalsPage'),
  }),
  createRoute({
    ...under,
    path: '/refusals/$reference',
    component: lazyRouteComponent(page.refusal, 'RefusalPage'),
  }),
  createRoute({
    ...under,
    path: '/users',
    validateSearch: listSearch,
    component: lazyRouteComponent(page.users, 'UsersPage'),
  }),
  createRoute({ ...under, path: '/users/new', component: lazyRouteComponent(page.newUser, 'NewUserPage') }),
  createRoute({
    ...under,
    path: '/users/$sub',
    validateSearch: tabSearch,
    component: lazyRouteComponent(page.user, 'UserPage'),
  }),
  createRoute({ ...under, path: '/sessions', component: lazyRouteComponent(page.sessions, 'SessionsPage') }),
  createRoute({ ...under, path: '/keys', component: lazyRouteComponent(page.keys, 'KeysPage') }),
  createRoute({
    ...under,
    path: '/audit',
    validateSearch: listSearch,
    component: lazyRouteComponent(page.audit, 'AuditPage'),
  }),
  createRoute({ ...under, path: '/settings', component: lazyRouteComponent(page.settings, 'SettingsPage') }),
  createRoute({ ...under, path: '/tenants', component: lazyRouteComponent(page.tenants, 'TenantsPage') }),
  createRoute({
    ...under,
    path: '/applications/transfer',
    component: lazyRouteComponent(page.transfer, 'TransferPage'),
  }),
  createRoute({
    ...under,
    path: '/applications/registration',
    component: lazyRouteComponent(page.initialTokens, 'InitialTokensPage'),
  }),
  // Scopes, resources and groups.
  createRoute({
    ...under,
    path: '/$definitions',
    component: lazyRouteComponent(page.definitions, 'DefinitionsPage'),
  }),
  createRoute({
    ...under,
    path: '/$definitions/new',
    component: lazyRouteComponent(page.newDefinition, 'NewDefinitionPage'),
  }),
  createRoute({
    ...under,
    path: '/$definitions/$name',
    validateSearch: tabSearch,
    component: lazyRouteComponent(page.definition, 'DefinitionPage'),
  }),
  createRoute({
    ...under,
    path: '/account',
    component: lazyRouteComponent(page.account, 'AccountPage'),
  }),
] as const;

/** The pages of the console below its path; hovering over a link loads what is behind it. */
export function createConsoleRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren(routes),
    basepath: site.path,
    context: { queries },
    defaultPreload: 'intent',
    defaultErrorComponent: PageFault,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
