import type { ClientDraft } from '../api/types.ts';

/** What a kind of application has to be asked. */
export type Question = 'redirects' | 'logout' | 'program' | 'address' | 'resource' | 'scopes';

/** What was answered. */
export type Answers = Readonly<{
  name: string;
  redirects: readonly string[];
  logout: readonly string[];
  program: string;
  /** Where the installation stands, without a slash at its end. */
  address: string;
  resource: string;
  scopes: string;
}>;

export type Kind = Readonly<{
  id: string;
  title: string;
  says: string;
  asks: readonly Question[];
  /** What redirect URIs are judged as. */
  type: 'web' | 'native';
  example: string;
  first?: readonly string[];
  draft: (answers: Answers) => ClientDraft;
}>;

const PERSON = 'openid profile email offline_access';

const withPeople = ({ name, redirects, logout }: Answers): ClientDraft => ({
  client_name: name,
  redirect_uris: redirects,
  post_logout_redirect_uris: logout,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  scope: PERSON,
});

/** The kinds of application that people register. */
export const KINDS: readonly Kind[] = [
  {
    id: 'website',
    title: 'Website with a server',
    says: 'Pages are made by a server of yours, which can keep a secret: Express, Next, Spring, Django, a proxy.',
    asks: ['redirects', 'logout'],
    type: 'web',
    example: 'https://app.example.com/callback',
    draft: (answers) => ({
      ...withPeople(answers),
      application_type: 'web',
      token_endpoint_auth_method: 'client_secret_basic',
    }),
  },
  {
    id: 'spa',
    title: 'Single-page application',
    says: 'Everything runs in the browser, so there is no secret; PKCE protects the sign-in.',
    asks: ['redirects', 'logout'],
    type: 'web',
    example: 'https://app.example.com/callback',
    draft: (answers) => ({
      ...withPeople(answers),
      application_type: 'web',
      token_endpoint_auth_method: 'none',
    }),
  },
  {
    id: 'native',
    title: 'Native program or command line',
    says: 'Runs on a computer or phone and opens the browser to sign in.',
    asks: ['redirects'],
    type: 'native',
    example: 'com.example.app:/callback',
    first: ['http://127.0.0.1/callback'],
    draft: (answers) => ({
      ...withPeople(answers),
      application_type: 'native',
      token_endpoint_auth_method: 'none',
    }),
  },
  {
    id: 'service',
    title: 'Service without people',
    says: 'A program that calls an API in its own name, such as a nightly job.',
    asks: ['scopes'],
    type: 'web',
    example: '',
    draft: ({ name, scopes }) => ({
      client_name: name,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_basic',
      ...(scopes !== '' && { scope: scopes }),
    }),
  },
  {
    id: 'program',
    title: 'Cells, oCIS or UserClouds program',
    says: 'A known program of one of these systems: its addresses are filled in.',
    asks: ['program'],
    type: 'native',
    example: 'https://cloud.example.com/auth/callback',
    draft: (answers) => programOf(answers.program).draft(answers),
  },
  {
    id: 'mcp',
    title: 'Client of an MCP server',
    says: 'An assistant that uses the tools of an MCP server in the name of a person.',
    asks: ['resource', 'redirects'],
    type: 'native',
    example: 'https://assistant.example.com/oauth/callback',
    first: ['http://127.0.0.1/callback'],
    draft: (answers) => ({
      ...withPeople(answers),
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      resources: [answers.resource],
      consent: 'remember',
      scope: [PERSON, answers.scopes].filter((text) => text !== '').join(' '),
    }),
  },
];

export const kindOf = (id: string): Kind | undefined => KINDS.find((kind) => kind.id === id);

export type Program = Readonly<{
  id: string;
  title: string;
  asks: readonly Question[];
  draft: (answers: Answers) => ClientDraft;
}>;

/** Programs that bring their addresses along. */
export const PROGRAMS: readonly Program[] = [
  {
    id: 'cells',
    title: 'Pydio Cells: web interface',
    asks: ['address'],
    draft: ({ name, address }) => ({
      ...withPeople({
        ...NOTHING,
        name,
        redirects: [`${address}/auth/callback`],
        logout: [`${address}/auth/logout`],
      }),
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      consent: 'skip',
    }),
  },
  {
    id: 'cells-client',
    title: 'Pydio Cells: command line (cec) and sync',
    asks: [],
    draft: ({ name }) => ({
      ...withPeople({
        ...NOTHING,
        name,
        redirects: ['http://localhost:3000/servers/callback', 'http://localhost:3636/servers/callback'],
      }),
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      consent: 'skip',
    }),
  },
  {
    id: 'ocis',
    title: 'ownCloud Infinite Scale: web interface',
    asks: ['address'],
    draft: ({ name, address }) => ({
      ...withPeople({
        ...NOTHING,
        name,
        redirects: ['/', '/oidc-callback.html', '/oidc-silent-redirect.html'].map((path) => address + path),
        logout: [`${address}/`],
      }),
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      consent: 'skip',
    }),
  },
  {
    id: 'ocis-desktop',
    title: 'ownCloud desktop app',
    asks: [],
    // The program brings its name and its secret along; both are published, and the secret proves nothing.
    draft: ({ name }) => ({
      client_id: 'xdXOt13JKxym1B1QcEncf2XDkLAexMBFwiT9j6EfhhHFJhs2KM9jbjTmf8JBXE69',
      client_secret: 'UBntmLjC2yYCeHwsyj73Uwo9TAaecAetRwMw0xYcvNL9yRdLSUi0hUAHfvCHFeFh',
      ...withPeople({ ...NOTHING, name, redirects: ['http://127.0.0.1', 'http://localhost'] }),
      application_type: 'native',
      token_endpoint_auth_method: 'client_secret_basic',
    }),
  },
  {
    id: 'userclouds',
    title: 'UserClouds: login app',
    asks: ['redirects', 'logout'],
    draft: (answers) => ({
      ...withPeople(answers),
      application_type: 'web',
      token_endpoint_auth_method: 'client_secret_basic',
    }),
  },
];

export const NOTHING: Answers = {
  name: '',
  redirects: [],
  logout: [],
  program: 'cells',
  address: '',
  resource: '',
  scopes: '',
};

const [FIRST] = PROGRAMS;

export function programOf(id: string): Program {
  const found = PROGRAMS.find((program) => program.id === id) ?? FIRST;
  if (found === undefined) throw new Error('There are no programs.');
  return found;
}

/** Which kind a registered client is of, as far as its metadata tell. */
export function kindOfClient(client: {
  application_type: string;
  grant_types: readonly string[];
  token_endpoint_auth_method: string;
}): string {
  if (!client.grant_types.includes('authorization_code')) {
    return client.grant_types.includes('client_credentials') ? 'Service' : 'Other';
  }
  if (client.application_type === 'native') return 'Native program';
  return client.token_endpoint_auth_method === 'none' ? 'Single-page application' : 'Website';
}
