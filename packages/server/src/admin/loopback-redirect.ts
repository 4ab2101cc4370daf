import type { ClientMetadata } from '../model/client.ts';
import { isLoopbackHttp, matchRedirectUri, parseUri, redirectRules } from '../model/redirect-uri.ts';
import type { Tenant } from '../model/tenant.ts';

/** A port that no registration names, to see whether any is good. */
const SOME_PORT = '49151';

/**
 * The registered redirect that a program on this machine can listen at, without a port where any is good; undefined where there is
 * none.
 */
export function loopbackRedirect(
  { profile }: Tenant,
  { redirect_uris, application_type }: ClientMetadata,
): string | undefined {
  const rules = redirectRules(profile, application_type);
  const local = redirect_uris.filter((text) => {
    const uri = parseUri(text);
    return uri !== undefined && isLoopbackHttp(uri, true);
  });
  const free = local.find((text) => {
    const other = text.replace(/^(http:\/\/(?:\[[^\]]*\]|[^/:?]*))(?::\d+)?/, `$1:${SOME_PORT}`);
    return matchRedirectUri([text], other, rules) !== undefined;
  });
  return free?.replace(/^(http:\/\/(?:\[[^\]]*\]|[^/:?]*)):\d+/, '$1') ?? local[0];
}
