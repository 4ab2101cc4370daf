import { type PageLink, pageLinks } from './error.ts';
import {
  type FormTarget,
  note,
  passwordField,
  postForm,
  stateBadge,
  submitButton,
  usernameField,
} from './form.ts';
import { type Frame, renderDocument } from './frame.ts';
import { type Html, html } from './html.ts';
import { firstShown, name, shownText } from './shown-text.ts';

/** Asks who has forgotten the password. Posts `username`, which may be an address. `error` is a whole sentence. */
export function resetAskPage(frame: Frame, props: FormTarget & Readonly<{ error?: string }>): Html {
  const { t } = frame;
  return renderDocument(frame, {
    title: t('reset-ask.title'),
    titleText: t('reset-ask.title'),
    hasProblem: props.error !== undefined,
    lead: t('reset-ask.text'),
    body: postForm(
      props,
      html`${props.error !== undefined && note('problem', shownText(props.error))}
${usernameField({
  name: 'username',
  label: t('reset-ask.login'),
  autocomplete: 'username',
  autofocus: true,
})}
${submitButton({ kind: 'primary', label: t('reset-ask.submit'), busy: t('reset-ask.busy') })}`,
    ),
  });
}

/** Says that a message is on its way, to whoever asked. */
export const resetSentPage = (frame: Frame): Html =>
  renderDocument(frame, {
    above: stateBadge('good'),
    title: frame.t('reset-sent.title'),
    titleText: frame.t('reset-sent.title'),
    lead: frame.t('reset-sent.text'),
  });

export type NewPasswordProps = FormTarget & Readonly<{ username: string; minLength: number; error?: string }>;

/** Takes the new password of somebody who came by a message. Posts `password`. */
export function newPasswordPage(frame: Frame, props: NewPasswordProps): Html {
  const { t } = frame;
  const { username, minLength, error } = props;
  return renderDocument(frame, {
    title: t('reset.title'),
    titleText: t('reset.title'),
    hasProblem: error !== undefined,
    lead: t.rich('reset.text', { username: name(firstShown(username)) }),
    body: postForm(
      props,
      // For the program that keeps the person's passwords.
      html`<input class="unseen" type="text" name="username" value="${username}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
${passwordField(frame, {
  name: 'password',
  label: t('field.password'),
  autocomplete: 'new-password',
  hint: t('setup.password.length', { count: minLength }),
  minLength,
  ...(error !== undefined && { error }),
  autofocus: true,
})}
${submitButton({ kind: 'primary', label: t('reset.submit'), busy: t('reset.busy') })}`,
    ),
  });
}

/** Says that the password is another one now. */
export const passwordChangedPage = (frame: Frame, links: readonly PageLink[]): Html =>
  renderDocument(frame, {
    above: stateBadge('good'),
    title: frame.t('reset-done.title'),
    titleText: frame.t('reset-done.title'),
    lead: frame.t('reset-done.text'),
    body: pageLinks(links),
  });
