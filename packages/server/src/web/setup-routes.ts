import { SHORTEST_PASSWORD } from '../identity/password-rules.ts';
import { createFirstAdministrator, setupSecretIsGood } from '../identity/setup.ts';
import { endpointUrl } from '../model/tenant.ts';
import { one } from '../oauth/params.ts';
import { type SetupProps, setupDonePage, setupPage } from './pages/setup.ts';
import { isForeignPost } from './person-routes.ts';
import { readForm, readQuery } from './request-body.ts';
import { show } from './show.ts';
import type { Route, Site, WebContext } from './site.ts';
import { troublePage } from './trouble.ts';

type Errors = Parameters<typeof setupPage>[1]['errors'];

/** The page behind the one-time link that the first start prints. */
export const setupPageRoute: Route = async (c, site) => {
  const secret = one(readQuery(c), 'token') ?? '';
  if (!(await setupSecretIsGood(site.provider, secret))) return troublePage(c, site, 'setup');
  return form(c, site, { secret, username: 'admin' });
};

export const setupRoute: Route = async (c, site) => {
  const posted = await readForm(c);
  if (isForeignPost(c)) return troublePage(c, site, 'setup');
  const setup = {
    secret: one(posted, 'token') ?? '',
    username: one(posted, 'username') ?? '',
    password: one(posted, 'password') ?? '',
  };
  const outcome = await createFirstAdministrator(site.provider, site.passwords, setup);
  if (outcome.kind === 'spent') return troublePage(c, site, 'setup');
  if (outcome.kind === 'faults') return form(c, site, { ...setup, faults: outcome });
  const { tenant } = site.provider;
  return show(c, site, (frame) =>
    setupDonePage(frame, {
      username: outcome.username,
      links: [{ href: endpointUrl(tenant, 'home'), label: frame.t('trouble.home') }],
    }),
  );
};

type Filled = Readonly<{
  secret: string;
  username: string;
  faults?: Extract<Awaited<ReturnType<typeof createFirstAdministrator>>, { kind: 'faults' }>;
}>;

function form(c: WebContext, site: Site, { secret, username, faults }: Filled): Response {
  const action = endpointUrl(site.provider.tenant, 'setup');
  return show(
    c,
    site,
    (frame) => {
      const errors: Errors = {
        ...(faults?.username && { username: frame.t(`setup.error.username.${faults.username}`) }),
        ...(faults?.password && { password: frame.t(`setup.error.password.${faults.password}`) }),
      };
      const props: SetupProps = {
        action,
        fields: { token: secret },
        username,
        minLength: SHORTEST_PASSWORD,
        errors,
      };
      return setupPage(frame, props);
    },
    { status: faults === undefined ? 200 : 422 },
  );
}
