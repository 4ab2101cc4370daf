import { deletePersonalToken, findPersonalToken } from '../../admin/personal-tokens.ts';
import { revokeOwnToken } from '../../oauth/revoke.ts';
import { actingAs } from '../../web/acting.ts';
import { requireCaller, tokenSent } from './caller.ts';
import { textOf } from './fields.ts';
import { type Place, readJson } from './rest.ts';

/** `/a/auth/token/revoke`: ends the token of the caller that is named, or the one that the request came with. */
export const revocationPlace: Place = {
  POST: async (c, site) => {
    const { user } = await requireCaller(c, site);
    const named = textOf(await readJson(c), 'TokenId', 16_384) ?? '';
    const token = named === '' ? (tokenSent(c) ?? '') : named;
    const provider = actingAs(c, site, user.sub);
    const personal = await findPersonalToken(provider, token);
    await (personal === undefined
      ? revokeOwnToken(provider, token, user)
      : deletePersonalToken(provider, personal.uuid, user));
    return { Success: true, Message: 'Token successfully invalidated' };
  },
};
