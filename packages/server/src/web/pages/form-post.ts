import { postForm, submitButton } from './form.ts';
import { type Frame, renderDocument } from './frame.ts';
import { returnHref } from './href.ts';
import { type Html, html } from './html.ts';
import { hostName } from './party.ts';

/** `action` is the checked redirect URI, `parameters` the response. */
export type FormPostProps = Readonly<{ action: string; parameters: Readonly<Record<string, string>> }>;

/** The form carries the response back by itself; a parameter named "submit" must not be in its way. */
const AUTO_SUBMIT = html`HTMLFormElement.prototype.submit.call(document.querySelector('main form'));`;

/**
 * Sends an authorization response to the client with POST (OAuth 2.0 Form Post Response Mode 1.0 §2).
 * Throws on an address that would run as script here; without script the person presses Continue.
 */
export function formPostPage(frame: Frame, props: FormPostProps): Html {
  const { t } = frame;
  if (returnHref(props.action) === undefined)
    throw new TypeError('A response cannot be posted to that address.');
  const target = URL.parse(props.action);
  return renderDocument(frame, {
    title: t('form-post.title'),
    titleText: t('form-post.title'),
    lead: t.rich('form-post.text', { host: hostName(target?.host || target?.protocol || '') }),
    body: html`${postForm(
      { action: props.action, fields: props.parameters },
      submitButton({ kind: 'primary', label: t('form-post.continue') }),
    )}
<script nonce="${frame.nonce}">${AUTO_SUBMIT}</script>`,
  });
}
