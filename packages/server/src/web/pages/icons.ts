import { type Html, html } from './html.ts';

const icon = (shapes: Html): Html =>
  html`<svg class="icon" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${shapes}</svg>`;

const WAX =
  'M11.9 3.4A5 5 0 0 1 20.1 3.4A5 5 0 0 1 26.7 8.2A5 5 0 0 1 29.2 16.0A5 5 0 0 1 26.7 23.8A5 5 0 0 1 20.1 28.6A5 5 0 0 1 11.9 28.6A5 5 0 0 1 5.3 23.8A5 5 0 0 1 2.8 16.0A5 5 0 0 1 5.3 8.2A5 5 0 0 1 11.9 3.4z';
const CUT =
  'M20.1 12.4c-.7-1.5-2.2-2.3-4.1-2.3-2.4 0-4.2 1.2-4.2 3 0 4 8.6 1.9 8.6 5.9 0 1.8-1.9 3-4.4 3-2 0-3.7-.9-4.4-2.5';

/** The mark as a picture of its own, for the browser's tab. */
export const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#4f56d9" d="${WAX}"/><path d="${CUT}" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/></svg>`;

/** The Signet mark: an impression in sealing wax. */
export const mark: Html = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
<path class="mark-wax" d="${WAX}"/>
<path class="mark-cut" d="${CUT}" fill="none" stroke-width="2.5" stroke-linecap="round"/>
</svg>`;

export const checkIcon: Html = icon(html`<path d="M4.5 10.5l3.5 3.5 7.5-8"/>`);
export const clockIcon: Html = icon(html`<circle cx="10" cy="10" r="7.25"/><path d="M10 6v4l2.75 1.75"/>`);
export const problemIcon: Html = icon(
  html`<circle cx="10" cy="10" r="7.25"/><path d="M10 6.25v4.5M10 13.6v.05"/>`,
);
export const noticeIcon: Html = icon(
  html`<circle cx="10" cy="10" r="7.25"/><path d="M10 9.25v4.5M10 6.4v.05"/>`,
);
export const shieldIcon: Html = icon(
  html`<path d="M10 2.75l6 2.25v4.4c0 3.7-2.4 6.5-6 7.85-3.6-1.35-6-4.15-6-7.85V5z"/><path d="M10 7v3.5M10 13v.05"/>`,
);
export const backIcon: Html = icon(html`<path class="turns" d="M8 5l-5 5 5 5M3.5 10H17"/>`);
export const chevronIcon: Html = icon(html`<path class="turns" d="M8 5l5 5-5 5"/>`);
export const personIcon: Html = icon(
  html`<circle cx="10" cy="6.75" r="3.25"/><path d="M3.75 17c.6-3.4 3-5 6.25-5s5.65 1.6 6.25 5"/>`,
);
export const serverIcon: Html = icon(
  html`<rect x="3.25" y="3.5" width="13.5" height="5.25" rx="1.5"/><rect x="3.25" y="11.25" width="13.5" height="5.25" rx="1.5"/><path d="M6.25 6.1v.05M6.25 13.85v.05"/>`,
);
