import { type Html, html, type Piece } from './html.ts';
import { mark } from './icons.ts';
import { shownText } from './shown-text.ts';
import type { Translate } from './texts/translate.ts';

/** What all pages of one answer share. `nonce` is that of the Content-Security-Policy; the URLs are on this server. */
export type Frame = Readonly<{
  t: Translate;
  locale: string;
  dir: 'ltr' | 'rtl';
  providerName: string;
  stylesheet: string;
  script: string;
  icon: string;
  nonce: string;
}>;

/** One page. `title` is its only `<h1>`; `titleText` the same as plain text for the window, where they differ. */
export type PageParts = Readonly<{
  title: Piece;
  titleText: string;
  hasProblem?: boolean;
  above?: Piece;
  lead?: Piece;
  body?: Piece;
}>;

/** The provider's name as it may be shown. */
export const providerName = (frame: Frame): string => shownText(frame.providerName) || 'Signet';

function windowTitle(frame: Frame, parts: PageParts): string {
  const title =
    parts.hasProblem === true ? frame.t('problem.title', { title: parts.titleText }) : parts.titleText;
  return `${title} · ${providerName(frame)}`;
}

/** A whole document: the provider's name, then the page in a card. Complete without script. */
export function renderDocument(frame: Frame, parts: PageParts): Html {
  return html`<!doctype html>
<html lang="${frame.locale}" dir="${frame.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${windowTitle(frame, parts)}</title>
<link rel="icon" type="image/svg+xml" href="${frame.icon}">
<link rel="stylesheet" href="${frame.stylesheet}">
<script src="${frame.script}" nonce="${frame.nonce}" defer></script>
</head>
<body>
<header class="brand">${mark}<bdi>${providerName(frame)}</bdi></header>
<main class="card">
${parts.above}
<h1>${parts.title}</h1>
${parts.lead && html`<p class="lead">${parts.lead}</p>`}
${parts.body}
</main>
</body>
</html>
`;
}
