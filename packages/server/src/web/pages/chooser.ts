import { type FormTarget, postForm } from './form.ts';
import { type Frame, renderDocument } from './frame.ts';
import { type Html, html } from './html.ts';
import { chevronIcon, personIcon } from './icons.ts';
import {
  type Account,
  accountLine,
  type ClientCard,
  cancelForm,
  clientBadge,
  clientName,
  thirdPartyNote,
} from './party.ts';
import { name } from './shown-text.ts';

/** `key` is what the form posts for that account. */
export type ChooserProps = FormTarget &
  Readonly<{
    client: ClientCard;
    accounts: readonly (Account & Readonly<{ key: string }>)[];
    cancel?: FormTarget;
  }>;

const choice = (key: string, content: Html): Html =>
  html`<li><button class="choice" type="submit" name="account" value="${key}">${content}${chevronIcon}</button></li>`;

/** Lets the person pick who continues. Posts `account=` with a key, or `other` for an account not listed. */
export function chooserPage(frame: Frame, props: ChooserProps): Html {
  const { t } = frame;
  const other = html`<span class="avatar plain">${personIcon}</span><span class="account-names">${t('account.other')}</span>`;
  return renderDocument(frame, {
    above: clientBadge(props.client),
    title: t('chooser.title'),
    titleText: t('chooser.title'),
    lead: t.rich('login.client', { client: name(clientName(props.client)) }),
    body: html`${thirdPartyNote(frame, props.client)}
${postForm(
  props,
  html`<ul class="choices" aria-label="${t('chooser.accounts')}">${props.accounts.map((account) =>
    choice(account.key, accountLine(account)),
  )}${choice('other', other)}</ul>`,
)}
${cancelForm(frame, props)}`,
  });
}
