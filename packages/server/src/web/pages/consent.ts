import { decisionButtons, type FormTarget, postForm } from './form.ts';
import { type Frame, renderDocument } from './frame.ts';
import { type Html, html, type Piece } from './html.ts';
import { backIcon, checkIcon, clockIcon, serverIcon } from './icons.ts';
import {
  type Account,
  accountCard,
  type ClientCard,
  clientBadge,
  clientLinks,
  clientName,
  hostName,
  thirdPartyNote,
} from './party.ts';
import { name, shownText } from './shown-text.ts';
import { describeClaim, describeScope } from './texts/describe.ts';

/** One scope asked for, in plain words (see `describeScope`), and the single claims asked for with it. */
export type ConsentScope = Readonly<{
  scope: string;
  description: string;
  required: boolean;
  claims?: readonly string[];
}>;

/** `offline` when the access outlives the session; `resources` are the APIs named; `switchAccount` is a link. */
export type ConsentProps = FormTarget &
  Readonly<{
    client: ClientCard;
    account: Account;
    scopes: readonly ConsentScope[];
    offline: boolean;
    resources: readonly string[];
    switchAccount?: string;
  }>;

/** Descriptions are the operator's, who may need a long sentence. */
const DESCRIPTION_LIMIT = 300;

const item = (icon: Html, text: Piece, detail?: Piece): Html =>
  html`<li>${icon}<div>${text}${detail && html`<p class="detail">${detail}</p>`}</div></li>`;

const section = (heading: Piece, items: readonly Html[]): Piece =>
  items.length > 0 && html`<section class="facts"><h2>${heading}</h2><ul>${items}</ul></section>`;

const scopeText = (frame: Frame, { scope, description }: ConsentScope): string =>
  shownText(description, DESCRIPTION_LIMIT) || shownText(describeScope(frame.t, scope)) || '?';

function scopeItem(frame: Frame, scope: ConsentScope): Html {
  const claims = (scope.claims ?? []).map((claim) => shownText(describeClaim(frame.t, claim)));
  return item(checkIcon, html`<bdi>${scopeText(frame, scope)}</bdi>`, claims.length > 0 && claims.join(', '));
}

/** How long the access lasts. It takes the words of `offline_access` along, which would only repeat it above. */
function durationItem(frame: Frame, props: ConsentProps): Html {
  if (!props.offline) return item(clockIcon, frame.t('consent.duration.session'));
  const asked = props.scopes.find(({ scope }) => scope === 'offline_access');
  const detail = asked === undefined ? frame.t('scope.offline_access') : scopeText(frame, asked);
  return item(clockIcon, frame.t('consent.duration.offline'), detail);
}

function facts(frame: Frame, props: ConsentProps): Html {
  const { t } = frame;
  const listed = props.scopes.filter(({ scope }) => !(props.offline && scope === 'offline_access'));
  const ordered = listed.toSorted((a, b) => Number(b.required) - Number(a.required));
  const resources = props.resources.map(
    (resource) => html`<bdi class="host">${shownText(resource, 253) || '?'}</bdi>`,
  );
  return html`${section(
    t('consent.scopes'),
    ordered.map((scope) => scopeItem(frame, scope)),
  )}
${section(
  t('consent.resources'),
  resources.map((resource) => item(serverIcon, resource)),
)}
${section(t('consent.duration'), [durationItem(frame, props)])}`;
}

/** Asks the person: who wants it, what, for how long, and where the answer goes. Posts `decision=allow` or `deny`. */
export function consentPage(frame: Frame, props: ConsentProps): Html {
  const { t } = frame;
  const client = clientName(props.client);
  return renderDocument(frame, {
    above: clientBadge(props.client),
    title: t.rich('consent.title', { client: name(client) }),
    titleText: t('consent.title', { client }),
    body: html`${thirdPartyNote(frame, props.client)}
${accountCard(frame, props.account, props.switchAccount)}
${facts(frame, props)}
${postForm(
  props,
  html`<p class="destination">${backIcon}<span>${t.rich('consent.host', { host: hostName(props.client.redirectHost) })}</span></p>
${decisionButtons({ allow: t('consent.allow'), deny: t('consent.deny'), busy: t('consent.busy') })}`,
)}
${clientLinks(frame, props.client)}`,
  });
}
