import { stateBadge } from './form.ts';
import { type Frame, renderDocument } from './frame.ts';
import { type Html, html } from './html.ts';
import { shownText } from './shown-text.ts';

/** The code that a program waits for which cannot receive a redirect. */
export type OutOfBandProps = Readonly<{ code: string }>;

const LONGEST_CODE = 512;

/** Shows the code to be copied into the program that asked for it. */
export function outOfBandPage(frame: Frame, { code }: OutOfBandProps): Html {
  const { t } = frame;
  return renderDocument(frame, {
    above: stateBadge('good'),
    title: t('out-of-band.title'),
    titleText: t('out-of-band.title'),
    lead: t('out-of-band.text'),
    body: html`<dl class="particulars"><div><dt>${t('out-of-band.code')}</dt>
<dd><code id="code">${shownText(code, LONGEST_CODE)}</code><button class="copy" type="button" hidden data-copy="code" data-done="${t('copy.done')}" aria-describedby="code" aria-live="polite">${t('copy')}</button></dd></div></dl>
<p class="hint">${t('out-of-band.hint')}</p>`,
  });
}
