import {
  type Field,
  type FormTarget,
  note,
  passwordField,
  postForm,
  submitButton,
  usernameField,
} from './form.ts';
import { type Frame, providerName, renderDocument } from './frame.ts';
import { webHref } from './href.ts';
import { type Html, html, type Piece } from './html.ts';
import {
  accountCard,
  type ClientCard,
  cancelForm,
  clientBadge,
  clientName,
  thirdPartyNote,
} from './party.ts';
import { name } from './shown-text.ts';

/** Why the last attempt failed. An unknown user and a wrong password are one case, told in one sentence. */
export type LoginError = 'credentials' | 'missing' | 'locked' | Readonly<{ waitSeconds: number }>;

/** `action` and `fields` are where the form goes and its hidden fields; `otherAccount` is a link to start afresh. */
export type LoginProps = FormTarget &
  Readonly<{
    client?: ClientCard;
    username: string;
    usernameFixed?: boolean;
    error?: LoginError;
    notice?: 'reauthenticate' | 'expired' | 'password-changed';
    cancel?: FormTarget;
    otherAccount?: string;
    /** Where a person who forgot the password is helped. */
    resetPassword?: string;
  }>;

function durationText({ t }: Frame, seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole <= 90) return t('duration.seconds', { count: whole });
  if (whole <= 90 * 60) return t('duration.minutes', { count: Math.ceil(whole / 60) });
  return t('duration.hours', { count: Math.ceil(whole / 3600) });
}

function errorText(frame: Frame, error: LoginError): string {
  if (error === 'credentials') return frame.t('login.error.credentials');
  if (error === 'missing') return frame.t('login.error.missing');
  if (error === 'locked') return frame.t('login.error.locked');
  return frame.t('login.error.wait', { duration: durationText(frame, error.waitSeconds) });
}

/** A known username is shown, and kept in a field nobody sees, so that password managers know whose password it is. */
const fixedUsername = (frame: Frame, props: LoginProps): Html =>
  html`${accountCard(frame, { username: props.username }, props.otherAccount)}
<input class="unseen" type="text" name="username" value="${props.username}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">`;

function credentialFields(frame: Frame, props: LoginProps): Html {
  const isWrong = props.error === 'credentials' || props.error === 'missing';
  const shared = { describedBy: props.error && 'problem' } as const;
  const usernameFirst = props.username === '';
  const username: Field = {
    ...shared,
    name: 'username',
    label: frame.t('field.username'),
    autocomplete: 'username webauthn',
    value: props.username,
    invalid: isWrong && (props.error === 'credentials' || usernameFirst),
    autofocus: usernameFirst,
  };
  const password: Field = {
    ...shared,
    name: 'password',
    label: frame.t('field.password'),
    autocomplete: 'current-password webauthn',
    invalid: isWrong,
    autofocus: !usernameFirst,
  };
  return html`${props.usernameFixed === true ? fixedUsername(frame, props) : usernameField(username)}
${passwordField(frame, password)}`;
}

const lead = (frame: Frame, client: ClientCard | undefined): Piece =>
  client === undefined
    ? frame.t.rich('login.provider', { provider: name(providerName(frame)) })
    : frame.t.rich('login.client', { client: name(clientName(client)) });

function resetLink({ t }: Frame, { resetPassword }: LoginProps): Piece {
  const href = webHref(resetPassword);
  return href !== undefined && html`<p class="links"><a href="${href}">${t('login.reset-password')}</a></p>`;
}

/** The sign-in page. It posts `username` and `password`; the password is never sent back in it. */
export function loginPage(frame: Frame, props: LoginProps): Html {
  const { t } = frame;
  const title = t(props.notice === 'reauthenticate' ? 'login.title.reauthenticate' : 'login.title');
  return renderDocument(frame, {
    title,
    titleText: title,
    hasProblem: props.error !== undefined,
    above: props.client && clientBadge(props.client),
    lead: lead(frame, props.client),
    body: html`${props.error !== undefined && note('problem', errorText(frame, props.error), 'problem')}
${props.error === undefined && props.notice !== undefined && note('notice', t(`login.notice.${props.notice}`))}
${props.client && thirdPartyNote(frame, props.client)}
${postForm(
  props,
  html`${credentialFields(frame, props)}
${submitButton({ kind: 'primary', label: t('login.submit'), busy: t('login.busy') })}`,
)}
${resetLink(frame, props)}
${cancelForm(frame, props)}`,
  });
}
