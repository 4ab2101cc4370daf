import { ADMIN_SCOPES, adminApiOf } from '../model/admin-api.ts';
import { ENDPOINTS } from '../model/profile.ts';
import { endpointUrl, hasEndpoint, type Tenant } from '../model/tenant.ts';

/** Where the console of a tenant stands, as a path. */
export const consolePath = ({ path }: Tenant): string => `${path}/console`;

/** Fills the built page: where its files are, and what the console has to know before its first request. */
export function consolePage(
  template: string,
  tenant: Tenant,
  page: Readonly<{ nonce: string; icon: string }>,
): string {
  const endpoints = ENDPOINTS.filter((endpoint) => hasEndpoint(tenant, endpoint)).map((endpoint) => [
    endpoint,
    endpointUrl(tenant, endpoint),
  ]);
  const known = {
    issuer: tenant.issuer,
    site: tenant.site,
    api: adminApiOf(tenant),
    path: consolePath(tenant),
    name: tenant.display_name,
    profile: tenant.profile.name,
    signing_algorithm: tenant.profile.signing_algorithm,
    endpoints: Object.fromEntries(endpoints) as Readonly<Record<string, string>>,
    scopes: ADMIN_SCOPES,
    nonce: page.nonce,
  };
  return template
    .replaceAll('"./assets/', () => `"${escaped(consolePath(tenant))}/assets/`)
    .replace('__ICON__', () => escaped(page.icon))
    .replace('__SIGNET__', () => escaped(JSON.stringify(known)));
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What stands in the place of the console where it was not built. */
export const MISSING_CONSOLE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The console is not built</title>
<h1>The console is not built</h1>
<p>Signet runs, but the files of its console are not there. In a checkout, stop the server and start it with
<code>npm start</code>, which builds them once; a published package has them already.</p>
<p>Everything the console does can also be done on the command line: <code>signet client --help</code>,
<code>signet user --help</code>, <code>signet explain --help</code>.</p>
</html>
`;
