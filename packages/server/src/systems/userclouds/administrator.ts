import type { LivingAccessToken } from '../../model/access-token.ts';
import type { Client } from '../../model/client.ts';
import type { User } from '../../model/user.ts';
import { findAccessToken } from '../../oauth/access-token.ts';
import { bearerIn } from '../../oauth/bearer.ts';
import { ownAudience } from '../../oauth/resource.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { type Refusal, refusal } from './json-route.ts';

/** Who may administer: a person, through an application of the house, or a service that the operator has marked for it. */
export type Administrator = Readonly<{ client: Client; token: LivingAccessToken; user?: User }>;

/** What the audit log calls an administrator. */
export const actorOf = ({ client, user }: Administrator): string => user?.sub ?? client.metadata.client_id;

/** The administrator whose access token the request carries in its header. */
export async function administratorOf(c: WebContext, site: Site): Promise<Administrator | Refusal> {
  const token = bearerIn(c.req.header('authorization'));
  return token === undefined
    ? refusal(401, 'An access token is needed in the Authorization header.')
    : administratorBy(site, token);
}

/** The administrator whose access token this is. */
export async function administratorBy({ provider }: Site, text: string): Promise<Administrator | Refusal> {
  const token = await findAccessToken(provider, text);
  const audience = [token?.claims['aud']].flat();
  if (token === undefined || !audience.includes(ownAudience(token.client, provider.tenant)))
    return refusal(401, 'The access token is not valid.');
  const { client, user } = token;
  if (user === undefined) {
    return client.metadata.may_administer === true
      ? { client, token }
      : refusal(403, 'This application may not administer the tenant.');
  }
  // What another party's application can do must not depend on who signs in to it.
  if (client.metadata.consent !== 'skip')
    return refusal(403, 'Only applications of the tenant itself may act for an administrator.');
  const isSomebodyElse = token.grant?.authorization.impersonator !== undefined;
  return user.role === 'admin' && !isSomebodyElse
    ? { client, token, user }
    : refusal(403, 'The user is not an administrator of the tenant.');
}
