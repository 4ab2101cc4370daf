/** Headers of protocol answers that a browser application may read; constants, because adding headers later costs time. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'www-authenticate' };
const SAFE = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/** Token material and refusals: never kept by anybody (RFC 6749 §5.1). */
const SECRET = { 'cache-control': 'no-store', pragma: 'no-cache', ...SAFE };
export const SECRET_JSON = { 'content-type': 'application/json', ...SECRET };
/** An answer without a body. */
export const EMPTY_FOR_BROWSERS = { ...SECRET, ...CORS };
export const SECRET_JSON_FOR_BROWSERS = { ...SECRET_JSON, ...CORS };

export const publicJson = (maxAge: number): Record<string, string> => ({
  'content-type': 'application/json',
  'cache-control': `public, max-age=${maxAge}`,
  ...SAFE,
  ...CORS,
});

/** Answer to a preflight (Fetch §4.8): any page may call, none may bring cookies. */
export const preflight = (methods: string): Record<string, string> => ({
  ...CORS,
  'access-control-allow-methods': methods,
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '3600',
});

/** Two years, once the issuer is https (ASVS 3.4.1). */
const HSTS = { 'strict-transport-security': 'max-age=63072000; includeSubDomains' };

/**
 * Headers of a page. `form-action` is left out on purpose: browsers apply it to the redirects after a form, and those lead to the
 * application and wherever it goes next.
 */
export const pageHeaders = (page: {
  secure: boolean;
  nonce: string;
  frames: 'none' | 'any';
}): Record<string, string> => ({
  'cache-control': 'no-store',
  'content-security-policy':
    `default-src 'none'; style-src 'self'; img-src 'self'; script-src 'nonce-${page.nonce}'; base-uri 'none'; ` +
    `frame-ancestors ${page.frames === 'any' ? '*' : "'none'"}`,
  ...(page.frames === 'none' && { 'x-frame-options': 'DENY' }),
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  ...SAFE,
  ...(page.secure && HSTS),
});

/**
 * Headers of the console's page. Its script comes from files alone; the nonce is for the style elements that its components write, and
 * the page itself holds no markup of others. It talks to this very origin and to nobody else.
 */
export const consoleHeaders = (page: { secure: boolean; nonce: string }): Record<string, string> => ({
  'cache-control': 'no-store',
  'content-security-policy':
    `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${page.nonce}'; img-src 'self' data:; ` +
    `connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  ...SAFE,
  ...(page.secure && HSTS),
});
