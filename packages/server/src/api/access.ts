import * as z from 'zod';
import { endConsent, endGrant, endSession } from '../admin/user-administration.ts';
import { findUserBySub } from '../admin/user-changes.ts';
import { endSessions } from '../admin/users.ts';
import type { Provider } from '../keys/provider.ts';
import { consentShown, grantShown, sessionShown } from './access-views.ts';
import { type Answer, type Call, done, type Operation, ok, operation } from './operation.ts';
import {
  keyIn,
  limitOf,
  listOf,
  numberIn,
  numberKey,
  numberOf,
  pageOf,
  pageOfSought,
  pageShape,
  word,
} from './page.ts';
import { notFound } from './problem.ts';
import { requireUser } from './user-input.ts';
import { consentView, grantView, sessionView } from './user-schema.ts';

type Owner = Readonly<{ user_id?: number | undefined; client_row?: number | undefined }>;
type PageQuery = Readonly<{ limit?: number; after?: string; sub?: string; client_id?: string }>;

const whose = word.optional().meta({ description: 'The `sub` of a person.' });
const sessionShape = { ...pageShape, sub: whose };
const grantShape = { ...sessionShape, client_id: word.optional() };

/** Number of a row that nothing has: what is narrowed to somebody who is not there is empty. */
const NOBODYS = 0;

async function ownerIn({ store, tenant }: Provider, { sub, client_id }: PageQuery): Promise<Owner> {
  const user = sub === undefined ? undefined : await store.findUserBySub(tenant.id, sub);
  const client = client_id === undefined ? undefined : await store.findClient(tenant.id, client_id);
  return {
    ...(sub !== undefined && { user_id: user?.id ?? NOBODYS }),
    ...(client_id !== undefined && { client_row: client?.row ?? NOBODYS }),
  };
}

async function sessions({ provider }: Call, query: PageQuery, owner: Owner): Promise<Answer> {
  const { store, tenant, clock } = provider;
  const [before] = keyIn(numberKey, query) ?? [];
  const sought = await store.pageSessions(
    tenant.id,
    { ...owner, before, atMost: limitOf(query) + 1 },
    clock(),
  );
  const { shown, next } = pageOfSought(sought, query, numberOf);
  return ok({ items: shown.map(sessionShown), next });
}

async function grants({ provider }: Call, query: PageQuery, owner: Owner): Promise<Answer> {
  const { store, tenant, clock } = provider;
  const [before] = keyIn(numberKey, query) ?? [];
  const sought = await store.pageGrants(tenant.id, { ...owner, before, atMost: limitOf(query) + 1 }, clock());
  const { shown, next } = pageOfSought(sought, query, numberOf);
  return ok({ items: await Promise.all(shown.map((grant) => grantShown(provider, grant))), next });
}

const consentKey = z.tuple([z.int().min(0), z.int().min(0)]);

async function consents({ provider }: Call, query: PageQuery, owner: Owner): Promise<Answer> {
  const { store, tenant } = provider;
  const key = keyIn(consentKey, query);
  const after = key && { user_id: key[0], client_row: key[1] };
  const found = await store.pageConsents(tenant.id, { ...owner, after, atMost: limitOf(query) + 1 });
  const { shown, next } = pageOf(found, query, ({ user_id, client_row }) => [user_id, client_row]);
  return ok({ items: await Promise.all(shown.map((consent) => consentShown(provider, consent))), next });
}

type Kind = Readonly<{
  resource: 'sessions' | 'grants' | 'consents';
  one: string;
  summary: string;
  query: z.ZodRawShape;
  view: z.ZodType;
  list: (call: Call, query: PageQuery, owner: Owner) => Promise<Answer>;
}>;

const KINDS: readonly Kind[] = [
  {
    resource: 'sessions',
    one: 'Session',
    summary: 'Browsers at which people are signed in, the newest first',
    query: sessionShape,
    view: sessionView,
    list: sessions,
  },
  {
    resource: 'grants',
    one: 'Grant',
    summary:
      'What people have given applications and still stands: lines of refresh tokens, the newest first',
    query: grantShape,
    view: grantView,
    list: grants,
  },
  {
    resource: 'consents',
    one: 'Consent',
    summary: 'What people have allowed applications',
    query: grantShape,
    view: consentView,
    list: consents,
  },
];

/** The list of all, and that of one person. */
const lists = KINDS.flatMap(({ resource, one, summary, query, view, list }): readonly Operation[] => [
  operation({
    method: 'GET',
    path: `/${resource}`,
    id: `list${one}s`,
    summary,
    needs: `signet:${resource}:read`,
    query,
    answers: { status: 200, description: 'A page.', schema: listOf(view) },
    work: async (call) =>
      list(call, call.query as PageQuery, await ownerIn(call.provider, call.query as PageQuery)),
  }),
  operation({
    method: 'GET',
    path: `/users/{sub}/${resource}`,
    id: `list${one}sOfUser`,
    summary: `${summary}; of one person`,
    needs: `signet:${resource}:read`,
    query: pageShape,
    answers: { status: 200, description: 'A page.', schema: listOf(view) },
    problems: [404],
    work: async (call) => list(call, call.query as PageQuery, { user_id: (await requireUser(call)).id }),
  }),
]);

const idIn = (call: Call): number => numberIn(call.path('id'));

async function end(outcome: Promise<'ended' | 'unknown'>, what: string): Promise<Answer> {
  if ((await outcome) === 'unknown') throw notFound(what);
  return done;
}

/** Ends one of somebody's; 404 when it is another's. */
async function endOwn(call: Call, table: 'sessions' | 'grants'): Promise<Answer> {
  const { store, tenant } = call.provider;
  const [user, id] = [await requireUser(call), idIn(call)];
  const row = await (table === 'sessions'
    ? store.findSession(tenant.id, id)
    : store.findGrant(tenant.id, id));
  if (row?.user_id !== user.id) throw notFound(table === 'sessions' ? 'session' : 'grant');
  return endOne(call, table);
}

const endOne = (call: Call, table: 'sessions' | 'grants'): Promise<Answer> =>
  table === 'sessions'
    ? end(endSession(call.provider, idIn(call)), 'session')
    : end(endGrant(call.provider, idIn(call)), 'grant');

async function endOneConsent(call: Call): Promise<Answer> {
  const user = await findUserBySub(call.provider, call.path('sub'));
  if (user === undefined) throw notFound('consent');
  return end(endConsent(call.provider, user, call.path('client_id')), 'consent');
}

type Ending = Readonly<Pick<Operation, 'path' | 'id' | 'summary' | 'work'> & { resource: Kind['resource'] }>;

const ending = ({ path, id, summary, work, resource }: Ending): Operation =>
  operation({
    method: 'DELETE',
    path,
    id,
    summary,
    needs: `signet:${resource}:write`,
    answers: { status: 204, description: 'It is over.' },
    problems: [404],
    work,
  });

const endings: readonly Operation[] = [
  ...(['sessions', 'grants'] as const).flatMap((resource) => {
    const one = resource === 'sessions' ? 'Session' : 'Grant';
    const summary = resource === 'sessions' ? 'Signs a browser out' : 'Ends a grant with all its tokens';
    return [
      ending({
        resource,
        path: `/${resource}/{id}`,
        id: `end${one}`,
        summary,
        work: (call) => endOne(call, resource),
      }),
      ending({
        resource,
        path: `/users/{sub}/${resource}/{id}`,
        id: `end${one}OfUser`,
        summary,
        work: (call) => endOwn(call, resource),
      }),
    ];
  }),
  ending({
    resource: 'sessions',
    path: '/users/{sub}/sessions',
    id: 'signOutUser',
    summary: 'Signs a person out everywhere, and ends all their tokens',
    work: async (call) => {
      await endSessions(call.provider, (await requireUser(call)).username);
      return done;
    },
  }),
  ...(['/consents/{sub}/{client_id}', '/users/{sub}/consents/{client_id}'] as const).map((path, index) =>
    ending({
      resource: 'consents',
      path,
      id: index === 0 ? 'endConsent' : 'endConsentOfUser',
      summary: 'Forgets what a person has allowed an application, and ends what it got by it',
      work: endOneConsent,
    }),
  ),
];

export const ACCESS: readonly Operation[] = [...lists, ...endings];
