import * as z from 'zod';
import { endConsent, endSession } from '../admin/user-administration.ts';
import { clientDisplayName } from '../model/client.ts';
import { consentShown, sessionShown } from './access-views.ts';
import { requireOwner } from './account-owner.ts';
import { done, type Operation, ok, operation } from './operation.ts';
import { listOf, numberIn } from './page.ts';
import { notFound } from './problem.ts';
import { consentView, sessionView } from './user-schema.ts';

/** As many of one person as are told; nobody has more. */
const MOST = 200;

const ownSession = z.object({
  ...sessionView.shape,
  current: z.boolean().meta({ description: 'Whether the token that asks came by this session.' }),
});
const ownConsent = z.object({ ...consentView.shape, client_name: z.string() });

const sessions = operation({
  method: 'GET',
  path: '/account/sessions',
  id: 'listOwnSessions',
  summary: 'Browsers at which the person who calls is signed in, the newest first',
  needs: 'token',
  answers: {
    status: 200,
    description: 'All of them.',
    schema: listOf(ownSession.meta({ id: 'OwnSession' })),
  },
  work: async (call) => {
    const { store, tenant, clock } = call.provider;
    const owner = { user_id: requireOwner(call).id, atMost: MOST };
    const { found } = await store.pageSessions(tenant.id, owner, clock());
    const items = found.map((session) => ({
      ...sessionShown(session),
      current: session.id === call.caller.session_id,
    }));
    return ok({ items, next: null });
  },
});

const endOwnSession = operation({
  method: 'DELETE',
  path: '/account/sessions/{id}',
  id: 'endOwnSession',
  summary: 'Signs the person who calls out at a browser',
  needs: 'token',
  answers: { status: 204, description: 'It is over.' },
  problems: [404],
  work: async (call) => {
    const { store, tenant } = call.provider;
    const user = requireOwner(call);
    const id = numberIn(call.path('id'));
    const session = await store.findSession(tenant.id, id);
    if (session?.user_id !== user.id || (await endSession(call.provider, id)) === 'unknown')
      throw notFound('session');
    return done;
  },
});

const consents = operation({
  method: 'GET',
  path: '/account/consents',
  id: 'listOwnConsents',
  summary: 'What the person who calls has allowed applications',
  needs: 'token',
  answers: {
    status: 200,
    description: 'All of them.',
    schema: listOf(ownConsent.meta({ id: 'OwnConsent' })),
  },
  work: async (call) => {
    const { store, tenant } = call.provider;
    const found = await store.pageConsents(tenant.id, { user_id: requireOwner(call).id, atMost: MOST });
    const items = await Promise.all(
      found.map(async (consent) => {
        const client = await store.findClientByRow(tenant.id, consent.client_row);
        const client_name = client === undefined ? '' : clientDisplayName(client.metadata);
        return { ...(await consentShown(call.provider, consent)), client_name };
      }),
    );
    return ok({ items, next: null });
  },
});

const endOwnConsent = operation({
  method: 'DELETE',
  path: '/account/consents/{client_id}',
  id: 'endOwnConsent',
  summary: 'Takes back what the person who calls has allowed an application',
  needs: 'token',
  answers: { status: 204, description: 'It is over.' },
  problems: [404],
  work: async (call) => {
    const user = requireOwner(call);
    if ((await endConsent(call.provider, user, call.path('client_id'))) === 'unknown')
      throw notFound('consent');
    return done;
  },
});

export const OWN_BELONGINGS: readonly Operation[] = [sessions, endOwnSession, consents, endOwnConsent];
