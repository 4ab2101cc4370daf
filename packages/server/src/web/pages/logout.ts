import { decisionButtons, type FormTarget, postForm, stateBadge } from './form.ts';
import { type Frame, providerName, renderDocument } from './frame.ts';
import { ownHref, returnHref } from './href.ts';
import { type Html, html, type Piece } from './html.ts';
import { type Account, accountCard, type ClientCard, clientName } from './party.ts';
import { firstShown, name } from './shown-text.ts';

/** `client` is the application that asks for it, where one does. */
export type LogoutProps = FormTarget & Readonly<{ client?: ClientCard; account: Account }>;

/** Asks before signing out (OpenID Connect RP-Initiated Logout 1.0 §2). Posts `decision=allow` or `deny`. */
export function logoutPage(frame: Frame, props: LogoutProps): Html {
  const { t } = frame;
  const provider = name(providerName(frame));
  return renderDocument(frame, {
    title: t('logout.title'),
    titleText: t('logout.title'),
    lead:
      props.client === undefined
        ? t.rich('logout.provider', { provider })
        : t.rich('logout.client', { client: name(clientName(props.client)), provider }),
    body: html`${accountCard(frame, props.account)}
${postForm(
  props,
  decisionButtons({ allow: t('logout.allow'), deny: t('logout.deny'), busy: t('logout.busy') }),
)}`,
  });
}

/** `returnTo` is the address the application registered for it: of the web, or an app's private scheme. */
export type SignedOutProps = Readonly<{ client?: Readonly<{ client_name: string }>; returnTo?: string }>;

function returnLink({ t }: Frame, props: SignedOutProps): Piece {
  const href = returnHref(props.returnTo) ?? ownHref(props.returnTo);
  if (href === undefined) return undefined;
  const host = URL.parse(href)?.host;
  const client = name(firstShown(props.client?.client_name, host, href));
  return html`<p class="links"><a class="button primary" href="${href}"><span>${t.rich('signed-out.return', { client })}</span></a></p>`;
}

/** Says that it is done, and leads back where there is a way back. */
export function signedOutPage(frame: Frame, props: SignedOutProps): Html {
  const { t } = frame;
  const back = returnLink(frame, props);
  return renderDocument(frame, {
    above: stateBadge('good'),
    title: t('signed-out.title'),
    titleText: t('signed-out.title'),
    lead: html`${back === undefined && `${t('signed-out.text')} `}${t('signed-out.shared')}`,
    body: back,
  });
}
