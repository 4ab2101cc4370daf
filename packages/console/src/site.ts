/** What the server writes into the page: where everything stands, so that no request is needed to find out. */
export type Site = Readonly<{
  issuer: string;
  site: string;
  /** The admin API, which is the audience of the console's tokens as well. */
  api: string;
  /** Path of the console, without a trailing slash. */
  path: string;
  name: string;
  profile: string;
  /** Of ID tokens, where a client has none of its own. */
  signing_algorithm: string;
  endpoints: Readonly<Record<string, string>>;
  /** Scope values of the admin API. */
  scopes: readonly string[];
  /** For the style elements that components write. */
  nonce: string;
}>;

function readSite(): Site {
  const written = document.querySelector('meta[name="signet"]')?.getAttribute('content') ?? '';
  return JSON.parse(written) as Site;
}

export const site: Site = readSite();

export const API = site.api;
