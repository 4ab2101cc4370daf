import { type Interaction, sealInteraction } from '../identity/interaction.ts';
import { clientDisplayName } from '../model/client.ts';
import { endpointUrl, type Tenant } from '../model/tenant.ts';
import type { User } from '../model/user.ts';
import { givesRefreshToken } from '../oauth/token/redemption.ts';
import { claimsBeyondScope } from '../oauth/user-claims.ts';
import { signedInFor, type Underway } from './authorization-steps.ts';
import type { Account } from './browser.ts';
import { interactionQuery } from './interaction-query.ts';
import { chooserPage } from './pages/chooser.ts';
import { consentPage } from './pages/consent.ts';
import { type LoginError, loginPage } from './pages/login.ts';
import type { ClientCard } from './pages/party.ts';
import { describeScope } from './pages/texts/describe.ts';
import { show } from './show.ts';
import type { Site, WebContext } from './site.ts';

export type LoginWish = Readonly<{
  username?: string;
  error?: LoginError;
  notice?: 'reauthenticate' | 'expired';
}>;

/** The application that asks, as pages show it. */
function clientCard({ open }: Underway): ClientCard {
  const { client, redirect_uri } = open.target;
  const { client_id, client_uri, policy_uri, tos_uri, consent } = client.metadata;
  const uri = new URL(redirect_uri);
  return {
    client_id,
    client_name: clientDisplayName(client.metadata),
    redirectHost: uri.host === '' ? uri.protocol : uri.host,
    thirdParty: consent === 'always',
    ...(client_uri !== undefined && { client_uri }),
    ...(policy_uri !== undefined && { policy_uri }),
    ...(tos_uri !== undefined && { tos_uri }),
  };
}

const sealed = (site: Site, { interaction, browser }: Underway): { interaction: string } => ({
  interaction: sealInteraction(site.provider, interaction, browser.id),
});

/** Leads to the account chooser, and from there back into this request. */
function switchAccountLink(site: Site, { interaction, browser }: Underway): string {
  const { request } = interaction;
  const again: Interaction = {
    ...interaction,
    // Later than the sign-in that may have led here, which would count as a choice.
    startedAt: site.provider.clock() + 1,
    accountChosen: false,
    request: { ...request, prompt: [...request.prompt, 'select_account'] },
  };
  const { tenant } = site.provider;
  const query = interactionQuery(tenant, 'select_account', {
    sealed: sealInteraction(site.provider, again, browser.id),
    request,
  });
  return `${endpointUrl(tenant, 'select_account')}?${query}`;
}

export function accountOf(user: User): { username: string; name?: string } {
  const name = user.claims['name'];
  return { username: user.username, ...(typeof name === 'string' && { name }) };
}

export function showLogin(c: WebContext, site: Site, underway: Underway, wish: LoginWish): Response {
  const { request } = underway.open;
  const fields = sealed(site, underway);
  // In the address as well, so that the page of a failed attempt can be opened again.
  const { tenant } = site.provider;
  const query = interactionQuery(tenant, 'login', { sealed: fields.interaction, request });
  const action = `${endpointUrl(tenant, 'login')}?${query}`;
  const again = wish.notice === 'reauthenticate' ? signedInFor(underway)?.user.username : undefined;
  if (typeof wish.error === 'object')
    c.header('retry-after', String(Math.max(1, Math.ceil(wish.error.waitSeconds))));
  return show(
    c,
    site,
    (frame) =>
      loginPage(frame, {
        action,
        fields,
        client: clientCard(underway),
        username: again ?? wish.username ?? request.login_hint ?? '',
        cancel: { action, fields: { ...fields, decision: 'deny' } },
        ...(tenant.password_reset_uri !== undefined && { resetPassword: tenant.password_reset_uri }),
        ...(again !== undefined && { usernameFixed: true, otherAccount: switchAccountLink(site, underway) }),
        ...(wish.error !== undefined && { error: wish.error }),
        ...(wish.notice !== undefined && { notice: wish.notice }),
      }),
    { status: statusOf(tenant, wish.error), uiLocales: request.ui_locales },
  );
}

/** 429 for who has to wait (RFC 6585 §4), unless the profile has another status for it everywhere. */
function statusOf({ profile }: Tenant, error: LoginError | undefined): 200 | 403 | 422 | 429 {
  if (error === undefined) return 200;
  if (error === 'locked') return 403;
  if (typeof error !== 'object') return 422;
  return profile.wording['password.wait']?.status === 403 ? 403 : 429;
}

export function showChooser(
  c: WebContext,
  site: Site,
  underway: Underway,
  accounts: readonly Account[],
): Response {
  const action = endpointUrl(site.provider.tenant, 'select_account');
  const fields = sealed(site, underway);
  return show(
    c,
    site,
    (frame) =>
      chooserPage(frame, {
        action,
        fields,
        client: clientCard(underway),
        cancel: { action, fields: { ...fields, decision: 'deny' } },
        accounts: accounts.map(({ signedIn }) => ({
          key: signedIn.session.sid,
          ...accountOf(signedIn.user),
        })),
      }),
    { uiLocales: underway.open.request.ui_locales },
  );
}

export function showConsent(c: WebContext, site: Site, underway: Underway): Response {
  const { tenant } = site.provider;
  const { request } = underway.open;
  const signedIn = signedInFor(underway);
  if (signedIn === undefined) throw new Error('Consent was to be asked of nobody.');
  const offline =
    request.scope.some((value) => tenant.profile.offline_scopes.includes(value)) ||
    (request.response_type.includes('code') &&
      givesRefreshToken(tenant, underway.open.target.client, request));
  return show(
    c,
    site,
    (frame) =>
      consentPage(frame, {
        action: endpointUrl(tenant, 'consent'),
        fields: { ...sealed(site, underway), sid: signedIn.session.sid },
        client: clientCard(underway),
        account: accountOf(signedIn.user),
        switchAccount: switchAccountLink(site, underway),
        scopes: request.scope
          .filter((value) => !tenant.profile.offline_scopes.includes(value))
          .map((scope) => ({
            scope,
            description: describeScope(frame.t, scope, tenant.scope_descriptions[scope]),
            required: true,
            // Claims asked for one by one; the person is told of each (OIDC Core §5.5).
            ...(scope === 'openid' && { claims: claimsBeyondScope(request, tenant.profile) }),
          })),
        offline,
        resources: request.resources.map((resource) => nameOf(site, resource)),
      }),
    { uiLocales: request.ui_locales },
  );
}

const nameOf = (site: Site, resource: string): string =>
  site.provider.tenant.resources.find((known) => known.resource === resource)?.name ?? resource;
