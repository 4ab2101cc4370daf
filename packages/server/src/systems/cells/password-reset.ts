import { finishPasswordReset } from '../../identity/password-reset.ts';
import { clientAddress, networkOf } from '../../web/client-address.ts';
import { askPasswordReset } from '../../web/password-reset.ts';
import { isForeignPost } from '../../web/person-routes.ts';
import type { Site, WebContext } from '../../web/site.ts';
import { textOf } from './fields.ts';
import { forbidden, type Place, RestRefusal, readJson } from './rest.ts';
import { badPassword } from './user-put.ts';

/** Where a message leads: the page of Cells that asks for the new password. */
export const RESET_PAGE = '/user/reset-password';

/** The link in the message. */
export const linkFor = ({ provider }: Site, token: string): string =>
  `${provider.tenant.site}${RESET_PAGE}/${token}`;

/** `/a/auth/reset-password-token/{UserLogin}`: sends a message to whoever has that login or address. */
export const resetTokenPlace: Place = {
  PUT: async (c, site) => {
    refuseForeign(c);
    const asked = await askPasswordReset(c, site, {
      login: c.req.param('login') ?? '',
      linkFor: (token) => linkFor(site, token),
    });
    if (asked.kind === 'wait')
      throw new RestRefusal(429, 'reset.wait', [
        'There were too many wishes for a new password.',
        'Look for the message that has been sent, or try again later.',
      ]);
    return { Success: true, Message: 'If there is such an account, a message has been sent to its address.' };
  },
};

/** `/a/auth/reset-password`: sets the password with what the message brought. Nothing tells why it is not good. */
export const resetPlace: Place = {
  POST: async (c, site) => {
    refuseForeign(c);
    const body = await readJson(c);
    const outcome = await finishPasswordReset(site.provider, site.passwords, {
      token: textOf(body, 'ResetPasswordToken') ?? '',
      password: textOf(body, 'NewPassword', 1024) ?? '',
      login: textOf(body, 'UserLogin') ?? '',
      network: networkOf(clientAddress(c, site.trustedProxies)),
    });
    if (outcome.kind === 'refused') throw badPassword(outcome.fault);
    if (outcome.kind === 'spent')
      throw new RestRefusal(400, 'reset.token.invalid', [
        'The password cannot be reset with this.',
        'The message is too old, was used before, or is for another account: ask for a new one.',
      ]);
    return { Success: true, Message: 'The password has been changed.' };
  },
};

function refuseForeign(c: WebContext): void {
  if (isForeignPost(c)) throw forbidden('Pages of other sites may not ask for this.');
}
