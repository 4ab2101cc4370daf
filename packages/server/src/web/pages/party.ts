import { type FormTarget, note, postForm, submitButton } from './form.ts';
import { type Frame, providerName } from './frame.ts';
import { webHref } from './href.ts';
import { type Html, html, type Piece } from './html.ts';
import { firstShown, initial, name, shownText } from './shown-text.ts';

/** The application that asks. `redirectHost` is where the answer goes; `thirdParty` when others than the operator run it. */
export type ClientCard = Readonly<{
  client_id: string;
  client_name: string;
  client_uri?: string;
  policy_uri?: string;
  tos_uri?: string;
  redirectHost: string;
  thirdParty: boolean;
}>;

/** The person, as the pages name them. */
export type Account = Readonly<{ username: string; name?: string }>;

const TONES = 6;

/** A colour of the style sheet that stays with one identifier. */
function tone(identifier: string): string {
  const sum = Array.from(identifier.slice(0, 64)).reduce(
    (total, letter) => (total * 31 + letter.charCodeAt(0)) % 9973,
    7,
  );
  return `tone-${sum % TONES}`;
}

/** The application's name as it may be shown. */
export const clientName = (client: Pick<ClientCard, 'client_id' | 'client_name'>): string =>
  firstShown(client.client_name, client.client_id);

/** A host, or an app's scheme, with room for the longest one that DNS allows. */
export const hostName = (host: string): Html => html`<bdi class="host">${shownText(host, 253) || '?'}</bdi>`;

/** The application's badge. */
export const clientBadge = (client: ClientCard): Html =>
  html`<span class="badge ${tone(client.client_id)}" aria-hidden="true">${initial(clientName(client))}</span>`;

/** Calm words about an application that strangers run; nothing for the operator's own. */
export const thirdPartyNote = (frame: Frame, client: ClientCard): Piece =>
  client.thirdParty &&
  note(
    'caution',
    frame.t.rich('third-party', {
      provider: name(providerName(frame)),
      host: hostName(client.redirectHost),
    }),
  );

/** Picture, name and username of an account. */
export function accountLine(account: Account): Html {
  const username = firstShown(account.username);
  const fullName = shownText(account.name ?? '');
  return html`<span class="avatar ${tone(account.username)}" aria-hidden="true">${initial(fullName || username)}</span>
<span class="account-names"><span class="account-name"><bdi>${fullName || username}</bdi></span>${
    fullName !== '' &&
    fullName !== username &&
    html` <span class="account-username"><bdi>${username}</bdi></span>`
  }</span>`;
}

/** The account in use, with a way to another one where `otherHref` names it. */
export const accountCard = (frame: Frame, account: Account, otherHref?: string): Html =>
  html`<div class="account">${accountLine(account)}${
    otherHref !== undefined &&
    html`<a class="account-other" href="${otherHref}">${frame.t('account.switch')}</a>`
  }</div>`;

/** Links to what the application says about itself; those that are no web address are left out. */
export function clientLinks({ t }: Frame, client: ClientCard): Piece {
  const candidates = [
    { href: webHref(client.policy_uri), label: t('client.policy') },
    { href: webHref(client.tos_uri), label: t('client.terms') },
    { href: webHref(client.client_uri), label: t('client.site') },
  ];
  const links = candidates.filter((link) => link.href !== undefined);
  if (links.length === 0) return undefined;
  return html`<ul class="client-links">${links.map(
    ({ href, label }) =>
      html`<li><a href="${href}" target="_blank" rel="noopener noreferrer">${label}<span class="unseen"> ${t('link.new-tab')}</span></a></li>`,
  )}</ul>`;
}

/** A way back to the application without an answer to the question. */
export function cancelForm(
  { t }: Frame,
  { client, cancel }: Readonly<{ client?: ClientCard; cancel?: FormTarget }>,
): Piece {
  if (cancel === undefined) return undefined;
  const label =
    client === undefined
      ? t('login.cancel')
      : t.rich('login.cancel.client', { client: name(clientName(client)) });
  return postForm(cancel, submitButton({ kind: 'quiet', label }));
}
