import { randomText } from '../model/secret.ts';
import { ASSETS } from './assets.ts';
import { currentExchange, requestId } from './exchange.ts';
import { pageHeaders } from './headers.ts';
import type { Frame } from './pages/frame.ts';
import type { Html } from './pages/html.ts';
import { chooseLocale } from './pages/texts/choose-locale.ts';
import { translator } from './pages/texts/translate.ts';
import { REQUEST_ID } from './request-id.ts';
import type { Site, WebContext } from './site.ts';

type Wish = Readonly<{
  status?: 200 | 400 | 403 | 404 | 405 | 413 | 422 | 429 | 500 | 503;
  uiLocales?: string | undefined;
  frames?: 'none' | 'any';
}>;

/** Sends a page in the person's language with the headers that every page has. */
export function show(c: WebContext, site: Site, page: (frame: Frame) => Html, wish: Wish = {}): Response {
  const { tenant, random } = site.provider;
  const nonce = randomText(random, 16);
  const headers = pageHeaders({
    secure: tenant.issuer.startsWith('https:'),
    nonce,
    frames: wish.frames ?? 'none',
  });
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  const exchange = currentExchange();
  if (exchange !== undefined) c.header(REQUEST_ID, requestId(exchange));
  return c.html(page(frameOf(c, site, nonce, wish.uiLocales)), wish.status ?? 200);
}

function frameOf(
  c: WebContext,
  { provider: { tenant } }: Site,
  nonce: string,
  uiLocales: string | undefined,
): Frame {
  const acceptLanguage = c.req.header('accept-language');
  const locale = chooseLocale({
    ...(uiLocales !== undefined && { uiLocales }),
    ...(acceptLanguage !== undefined && { acceptLanguage }),
  });
  const { path } = tenant;
  return {
    t: translator(locale),
    locale,
    dir: 'ltr',
    providerName: tenant.display_name,
    stylesheet: path + ASSETS.stylesheet.path,
    script: path + ASSETS.script.path,
    icon: path + ASSETS.icon.path,
    nonce,
  };
}
