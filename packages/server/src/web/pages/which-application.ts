import { type FormTarget, postForm, submitButton } from './form.ts';
import { type Frame, renderDocument } from './frame.ts';
import { ownHref } from './href.ts';
import { type Html, html, type Piece } from './html.ts';
import { chevronIcon } from './icons.ts';
import { type Account, accountCard } from './party.ts';
import { firstShown, initial } from './shown-text.ts';

/** `account` is who is signed in, where somebody is; `applications` those with an address to start from. */
export type WhichApplicationProps = Readonly<{
  account?: Account;
  applications: readonly Readonly<{ client_name: string; href: string }>[];
  signOut?: FormTarget;
  /** Of the provider itself, where it is named. */
  address?: string;
}>;

function applicationChoice({ client_name, href }: WhichApplicationProps['applications'][number]): Piece {
  const target = ownHref(href);
  if (target === undefined) return undefined;
  const shown = firstShown(client_name, URL.parse(href)?.host);
  return html`<li><a class="choice" href="${target}"><span class="avatar square" aria-hidden="true">${initial(shown)}</span><span class="account-names"><span class="account-name"><bdi>${shown}</bdi></span></span>${chevronIcon}</a></li>`;
}

function signedIn(frame: Frame, { account, signOut }: WhichApplicationProps): Piece {
  if (account === undefined) return undefined;
  const button = submitButton({
    kind: 'quiet',
    label: frame.t('which.sign-out'),
    busy: frame.t('logout.busy'),
  });
  return html`${accountCard(frame, account)}${signOut && postForm(signOut, button)}`;
}

/** For somebody who came here without an application: where to go from here. */
export function whichApplicationPage(frame: Frame, props: WhichApplicationProps): Html {
  const { t } = frame;
  const choices = props.applications.map(applicationChoice).filter(Boolean);
  return renderDocument(frame, {
    title: t(props.account === undefined ? 'which.title' : 'which.title.signed-in'),
    titleText: t(props.account === undefined ? 'which.title' : 'which.title.signed-in'),
    lead: t(choices.length > 0 ? 'which.text' : 'which.none'),
    body: html`${choices.length > 0 && html`<ul class="choices" aria-label="${t('which.applications')}">${choices}</ul>`}
${signedIn(frame, props)}
${props.address !== undefined && html`<p class="hint"><bdi>${props.address}</bdi></p>`}`,
  });
}
