import { endpointUrl } from '../model/tenant.ts';
import { openAuthorization } from '../oauth/authorize/endpoint.ts';
import { OAuthError } from '../oauth/error.ts';
import type { Params } from '../oauth/params.ts';
import { proceed, sendReply } from './authorization-steps.ts';
import { readBrowser } from './browser.ts';
import { askByGet, readForm, readQuery } from './request-body.ts';
import type { Route, Site, WebContext } from './site.ts';
import { refusalPage } from './trouble.ts';

/** An authorization request by GET (RFC 6749 §3.1). */
export const authorizationByGet: Route = async (c, site) => authorize(c, site, readQuery(c));

/** The same by POST (OIDC Core §3.1.2.1). */
export const authorizationByPost: Route = async (c, site) => {
  const params = await readForm(c);
  return (
    askByGet(c, endpointUrl(site.provider.tenant, 'authorization'), params) ?? authorize(c, site, params)
  );
};

async function authorize(c: WebContext, site: Site, params: Params): Promise<Response> {
  const { provider } = site;
  try {
    const opened = await openAuthorization(provider, params);
    if (opened.kind === 'replied') return sendReply(c, site, opened.reply);
    const interaction = { request: opened.request, startedAt: provider.clock(), accountChosen: false };
    return await proceed(c, site, { open: opened, interaction, browser: await readBrowser(c, site) });
  } catch (error) {
    if (error instanceof OAuthError)
      return refusalPage(c, site, { error, endpoint: 'authorization', params });
    throw error;
  }
}
