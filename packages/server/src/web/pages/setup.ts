import { type PageLink, pageLinks } from './error.ts';
import { type FormTarget, passwordField, postForm, stateBadge, submitButton, usernameField } from './form.ts';
import { type Frame, providerName, renderDocument } from './frame.ts';
import { type Html, html } from './html.ts';
import { firstShown, name } from './shown-text.ts';

/** `errors` are whole sentences for the field they stand at; `minLength` is the shortest password taken, in characters. */
export type SetupProps = FormTarget &
  Readonly<{
    username?: string;
    minLength?: number;
    errors?: Readonly<Partial<Record<'username' | 'password', string>>>;
  }>;

function setupFields(frame: Frame, { username = '', minLength, errors = {} }: SetupProps): Html {
  const { t } = frame;
  const passwordFirst = errors.username === undefined && (errors.password !== undefined || username !== '');
  return html`${usernameField({
    name: 'username',
    label: t('field.username'),
    autocomplete: 'username',
    value: username,
    error: errors.username,
    autofocus: !passwordFirst,
  })}
${passwordField(frame, {
  name: 'password',
  label: t('field.password'),
  autocomplete: 'new-password',
  hint: minLength === undefined ? undefined : t('setup.password.length', { count: minLength }),
  minLength,
  error: errors.password,
  autofocus: passwordFirst,
})}`;
}

/** Creates the first administrator, reached by a link that works once. Posts `username` and `password`. */
export function setupPage(frame: Frame, props: SetupProps): Html {
  const { t } = frame;
  return renderDocument(frame, {
    title: t('setup.title'),
    titleText: t('setup.title'),
    hasProblem: Object.values(props.errors ?? {}).some((error) => error !== undefined),
    lead: t.rich('setup.text', { provider: name(providerName(frame)) }),
    body: postForm(
      props,
      html`${setupFields(frame, props)}
${submitButton({ kind: 'primary', label: t('setup.submit'), busy: t('setup.busy') })}`,
    ),
  });
}

/** Says that the administrator exists, and where to go now. */
export function setupDonePage(
  frame: Frame,
  props: Readonly<{ username: string; links: readonly PageLink[] }>,
): Html {
  const { t } = frame;
  return renderDocument(frame, {
    above: stateBadge('good'),
    title: t('setup-done.title'),
    titleText: t('setup-done.title'),
    lead: t.rich('setup-done.text', { username: name(firstShown(props.username)) }),
    body: pageLinks(props.links),
  });
}
