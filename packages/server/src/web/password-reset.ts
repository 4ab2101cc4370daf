import { beginPasswordReset, type ResetAsked } from '../identity/password-reset.ts';
import type { User } from '../model/user.ts';
import { clientAddress, networkOf } from './client-address.ts';
import { chooseLocale } from './pages/texts/choose-locale.ts';
import { translator } from './pages/texts/translate.ts';
import type { Site, WebContext } from './site.ts';

/** Sends a person who forgot the password a link, in the language of the request; the same answer for a name that is nobody's. */
export function askPasswordReset(
  c: WebContext,
  { provider, trustedProxies }: Site,
  ask: Readonly<{ login: string; linkFor: (token: string, user: User) => string }>,
): Promise<ResetAsked> {
  const t = translator(chooseLocale({ acceptLanguage: c.req.header('accept-language') ?? '' }));
  const { display_name, profile } = provider.tenant;
  const minutes = Math.ceil(profile.lifetimes.password_reset / 60);
  return beginPasswordReset(provider, {
    login: ask.login,
    network: networkOf(clientAddress(c, trustedProxies)),
    compose: (user, token) => ({
      subject: t('mail.reset.subject', { provider: display_name }),
      text: `${t('mail.reset.text', {
        provider: display_name,
        username: user.username,
        link: ask.linkFor(token, user),
        duration: t('duration.minutes', { count: minutes }),
      })}\n`,
    }),
  });
}
