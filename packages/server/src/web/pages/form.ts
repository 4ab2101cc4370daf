import type { Frame } from './frame.ts';
import { type Html, html, type Piece } from './html.ts';
import { checkIcon, noticeIcon, problemIcon, shieldIcon } from './icons.ts';
import { shownText } from './shown-text.ts';

/** Where a form goes and what it carries unseen. */
export type FormTarget = Readonly<{ action: string; fields: Readonly<Record<string, string>> }>;

const hiddenFields = (fields: Readonly<Record<string, string>>): readonly Html[] =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);

/** A form sent with POST, with its hidden fields first. */
export const postForm = (target: FormTarget, content: Piece): Html =>
  html`<form class="form" method="post" action="${target.action}">${hiddenFields(target.fields)}
${content}
</form>`;

type Button = Readonly<{
  label: Piece;
  kind: 'primary' | 'secondary' | 'quiet';
  name?: string;
  value?: string;
  /** Replaces the label while the answer is on its way. */
  busy?: string;
}>;

/** A button that sends its form. */
export const submitButton = ({ label, kind, name, value, busy }: Button): Html =>
  html`<button class="button ${kind}" type="submit"${name !== undefined && html` name="${name}" value="${value}"`}${
    busy !== undefined && html` data-busy="${busy}"`
  }><span>${label}</span></button>`;

/**
 * The two answers to a question: fields `decision=allow` and `decision=deny`, which people automate against. The one that goes on
 * stands first: it is the form's default button.
 */
export const decisionButtons = (texts: Readonly<{ allow: string; deny: string; busy: string }>): Html =>
  html`<div class="actions">
${submitButton({ kind: 'primary', name: 'decision', value: 'allow', label: texts.allow, busy: texts.busy })}
${submitButton({ kind: 'secondary', name: 'decision', value: 'deny', label: texts.deny })}
</div>`;

const NOTE_ICONS = { problem: problemIcon, notice: noticeIcon, caution: shieldIcon } as const;

/** A sentence set apart. A problem is announced by screen readers, and fields refer to it by `id`. */
export const note = (kind: keyof typeof NOTE_ICONS, text: Piece, id?: string): Html =>
  html`<div class="note ${kind}"${kind === 'problem' && html` role="alert"`}${id !== undefined && html` id="${id}"`}>${
    NOTE_ICONS[kind]
  }<p>${text}</p></div>`;

/** How something ended, at a glance; the heading says it in words. */
export const stateBadge = (state: 'good' | 'bad'): Html =>
  html`<span class="badge ${state}">${state === 'good' ? checkIcon : problemIcon}</span>`;

/** One labelled field. `describedBy` names further elements that explain it, such as the form's problem. */
export type Field = Readonly<{
  name: 'username' | 'password';
  label: string;
  autocomplete: string;
  value?: string;
  hint?: string;
  error?: string;
  describedBy?: string;
  invalid?: boolean;
  autofocus?: boolean;
  minLength?: number;
}>;

function fieldAttributes(field: Field): Html {
  const ids = [field.describedBy, field.hint && `${field.name}-hint`, field.error && `${field.name}-error`];
  const describedBy = ids.filter(Boolean).join(' ');
  return html`id="${field.name}" name="${field.name}" autocomplete="${field.autocomplete}" autocapitalize="none" autocorrect="off" spellcheck="false" required${
    field.autofocus && html` autofocus`
  }${(field.invalid || field.error) && html` aria-invalid="true"`}${describedBy !== '' && html` aria-describedby="${describedBy}"`}${
    field.minLength !== undefined &&
    html` minlength="${field.minLength}" passwordrules="minlength: ${field.minLength};"`
  }`;
}

/** Errors are our sentences, but may quote what was typed. */
const ERROR_LIMIT = 300;

const aroundField = (field: Field, control: Html): Html =>
  html`<div class="field">
<label for="${field.name}">${field.label}</label>
${control}
${field.hint && html`<p class="hint" id="${field.name}-hint">${field.hint}</p>`}
${field.error && html`<p class="field-error" id="${field.name}-error" role="alert">${problemIcon}<span>${shownText(field.error, ERROR_LIMIT)}</span></p>`}
</div>`;

/** The field for the username; what was typed comes back in it. */
export const usernameField = (field: Field): Html =>
  aroundField(field, html`<input type="text" dir="auto" value="${field.value}" ${fieldAttributes(field)}>`);

/** The field for a password, never filled in. Its show button appears with script only. */
export const passwordField = ({ t }: Frame, field: Field): Html =>
  aroundField(
    field,
    html`<div class="password"><input type="password" ${fieldAttributes(field)}><button class="reveal" type="button" hidden data-reveal="${field.name}" data-other="${t('password.hide')}" data-other-label="${t('password.hide.label')}" aria-label="${t('password.show.label')}">${t('password.show')}</button></div>`,
  );
