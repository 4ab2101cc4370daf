import { findPasswordReset, finishPasswordReset, type ResetFinished } from '../../identity/password-reset.ts';
import { SHORTEST_PASSWORD } from '../../identity/password-rules.ts';
import { endpointUrl } from '../../model/tenant.ts';
import { one } from '../../oauth/params.ts';
import { withBodyLimit } from '../../web/body-limit.ts';
import { clientAddress, networkOf } from '../../web/client-address.ts';
import {
  newPasswordPage,
  passwordChangedPage,
  resetAskPage,
  resetSentPage,
} from '../../web/pages/password-reset.ts';
import { askPasswordReset } from '../../web/password-reset.ts';
import { isForeignPost } from '../../web/person-routes.ts';
import { readForm } from '../../web/request-body.ts';
import { show } from '../../web/show.ts';
import type { Route, Site, WebContext } from '../../web/site.ts';
import type { TenantApp } from '../../web/tenant-app.ts';
import { troublePage } from '../../web/trouble.ts';
import { linkFor, RESET_PAGE } from './password-reset.ts';

/** Mounts the pages on which a forgotten password is asked for, and replaced with what a message brought. */
export function mountResetPages(app: TenantApp, site: Site): void {
  const path = site.provider.tenant.path + RESET_PAGE;
  const limited = (route: Route): Route => withBodyLimit(route, (c, at) => troublePage(c, at, 'too-large'));
  const [ask, take] = [limited(askRoute), limited(newPasswordRoute)];
  app.get(path, (c) => askPage(c, site));
  app.post(path, (c) => ask(c, site));
  app.get(`${path}/:token`, (c) => newPassword(c, site));
  app.post(`${path}/:token`, (c) => take(c, site));
}

const askPage = (c: WebContext, site: Site, error?: string): Response =>
  show(
    c,
    site,
    (frame) =>
      resetAskPage(frame, {
        action: site.provider.tenant.site + RESET_PAGE,
        fields: {},
        ...(error !== undefined && { error: frame.t('reset-ask.wait') }),
      }),
    { status: error === undefined ? 200 : 429 },
  );

const askRoute: Route = async (c, site) => {
  if (isForeignPost(c)) return troublePage(c, site, 'other-browser');
  const login = one(await readForm(c), 'username') ?? '';
  const asked = await askPasswordReset(c, site, { login, linkFor: (token) => linkFor(site, token) });
  return asked.kind === 'wait' ? askPage(c, site, 'wait') : show(c, site, resetSentPage);
};

type Fault = Extract<ResetFinished, { kind: 'refused' }>['fault'];

async function newPassword(c: WebContext, site: Site, fault?: Fault): Promise<Response> {
  const token = c.req.param('token') ?? '';
  const user = await findPasswordReset(site.provider, token);
  if (user === undefined) return troublePage(c, site, 'reset', { links: [] });
  return show(
    c,
    site,
    (frame) =>
      newPasswordPage(frame, {
        action: linkFor(site, token),
        fields: {},
        username: user.username,
        minLength: SHORTEST_PASSWORD,
        ...(fault !== undefined && { error: frame.t(`setup.error.password.${fault}`) }),
      }),
    { status: fault === undefined ? 200 : 422 },
  );
}

const newPasswordRoute: Route = async (c, site) => {
  if (isForeignPost(c)) return troublePage(c, site, 'other-browser');
  const password = one(await readForm(c), 'password') ?? '';
  const outcome = await finishPasswordReset(site.provider, site.passwords, {
    token: c.req.param('token') ?? '',
    password,
    network: networkOf(clientAddress(c, site.trustedProxies)),
  });
  if (outcome.kind === 'refused') return newPassword(c, site, outcome.fault);
  if (outcome.kind === 'spent') return troublePage(c, site, 'reset', { links: [] });
  const home = endpointUrl(site.provider.tenant, 'home');
  return show(c, site, (frame) =>
    passwordChangedPage(frame, [{ href: home, label: frame.t('trouble.home') }]),
  );
};
