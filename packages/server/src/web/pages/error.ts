import { stateBadge } from './form.ts';
import { type Frame, providerName, renderDocument } from './frame.ts';
import { ownHref } from './href.ts';
import { type Html, html, type Piece } from './html.ts';
import { shownText } from './shown-text.ts';

/** A link out of a dead end. */
export type PageLink = Readonly<{ href: string; label: string }>;

/** `error` is the registered code, `reference` what `signet explain` takes, `hint` what the person can do. */
export type ErrorProps = Readonly<{
  title: string;
  message: string;
  error?: string;
  reference?: string;
  links?: readonly PageLink[];
  hint?: string;
}>;

/** Messages are ours, but may quote what was sent. */
const MESSAGE_LIMIT = 600;

/** Ways onward, the first of them foremost. Addresses that are none are left out. */
export function pageLinks(links: readonly PageLink[]): Piece {
  const usable = links.filter(({ href }) => ownHref(href) !== undefined);
  if (usable.length === 0) return undefined;
  return html`<p class="links">${usable.map(
    ({ href, label }, index) =>
      html`<a class="button ${index === 0 ? 'primary' : 'secondary'}" href="${href}">${shownText(label) || href}</a>`,
  )}</p>`;
}

function particulars(frame: Frame, { error, reference }: ErrorProps): Piece {
  const { t } = frame;
  if (!error && !reference) return undefined;
  return html`<dl class="particulars">
${error && html`<div><dt>${t('error.code')}</dt><dd><code>${shownText(error)}</code></dd></div>`}
${
  reference &&
  html`<div><dt>${t('error.reference')}</dt><dd><code id="reference">${shownText(reference)}</code><button class="copy" type="button" hidden data-copy="reference" data-done="${t('copy.done')}" aria-describedby="reference" aria-live="polite">${t('copy')}</button></dd></div>`
}
</dl>
${reference && html`<p class="hint">${t('error.reference.help', { provider: providerName(frame) })}</p>`}`;
}

/** A refusal or a fault, told to a person: what happened, what to do, and the reference to it. */
export function errorPage(frame: Frame, props: ErrorProps): Html {
  const title = shownText(props.title);
  return renderDocument(frame, {
    above: stateBadge('bad'),
    title,
    titleText: title,
    lead: shownText(props.message, MESSAGE_LIMIT),
    body: html`${props.hint && html`<p>${shownText(props.hint, MESSAGE_LIMIT)}</p>`}
${pageLinks(props.links ?? [])}
${particulars(frame, props)}`,
  });
}
